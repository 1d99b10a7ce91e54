// Looking: drawing, times and problems of what is on the screen, and the try-out, which the server plays
import { $, address, sheet, body } from "./dom.js";
import { doc } from "./content.js";
import { page } from "./page.js";

let acts = [], entry = "";
let asked = 0, lookTimer = 0;
const trying = () => !$("#panel-try").hidden;
const look = (delay = 250) => { clearTimeout(lookTimer); lookTimer = setTimeout(lookNow, delay); page.showUndo(); };
const lookNow = async () => {
  const mine = (asked += 1), version = page.state.version, tried = trying();
  try {
    const { ok, told } = await page.ask(tried ? address.tryUrl : address.inspectUrl, tried ? { content: doc, acts, entry } : { content: doc });
    if (mine !== asked || version !== page.state.version) return;
    if (ok) show(told);
    else page.tell(told.message, true);
  } catch { /* the next change asks again; saving tells that the line is down */ }
};
const keep = (told) => {
  page.looked = told;
  if (told.rows) doc.steps.forEach((step, place) => page.pictures.set(step, told.rows[place]));
};
const show = (told) => {
  keep(told);
  if (told.html !== undefined) { $("#trial").innerHTML = told.html; acts = told.acts; }
  $("#drawing-note").hidden = Boolean(told.rows);
  sheet.classList.toggle("old", !told.rows);
  page.showDrawing(true);
  page.showFaults();
  if (told.html !== undefined) $("tr.now", body)?.scrollIntoView({ block: "nearest" });
};

// Try-out: the server plays all acts so far
$("#trial").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("act" in button.dataset) acts = [...acts, [button.dataset.step, button.dataset.actor, button.dataset.answer]];
  else if ("back" in button.dataset) acts = acts.slice(0, -1);
  else acts = [];
  look(0);
});
$("#trial").addEventListener("change", (event) => { if ("entry" in event.target.dataset) { entry = event.target.value; acts = []; look(0); } });

Object.assign(page, { trying, look, keep, show });
