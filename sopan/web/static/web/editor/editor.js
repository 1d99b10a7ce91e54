// The editor of a revision: a table as people know it from Word and Excel, with the drawing in its actor columns.
// The content (file format of procedures) lives in content.js; the server draws it, finds its problems, keeps every save as
// an edit that can be undone, and plays it. Words come from <template id="editor-words">. Without these scripts the page has
// a plain form. This is where it begins.
import { root, $, all, W, el } from "./dom.js";
import { replaceDoc, doc, tidy, renumber } from "./content.js";
import { page } from "./page.js";
import "./rows.js";
import "./saving.js";
import "./looking.js";
import "./table.js";
import "./problems.js";
import "./cells.js";
import "./menus.js";
import "./keys.js";
import "./paste.js";
import "./panel.js";
import "./columns.js";

const offer = () => {
  const before = page.stored((store) => JSON.parse(store.getItem(page.kept) ?? "null"));
  if (!before?.doc?.steps) return;
  const note = el("div", { className: "note warn" }, el("div", { textContent: W.restore }));
  const forget = () => { page.stored((store) => store.removeItem(page.kept)); note.remove(); };
  const button = (text, work) => el("button", { type: "button", className: "btn s", textContent: text, onclick: () => { forget(); work(); } });
  note.append(button(window.sopan.words.yes, () => { replaceDoc(before.doc); page.changed(); page.showIdentity(); page.render(); }), button(window.sopan.words.no, () => {}));
  root.prepend(note);
};
addEventListener("resize", () => { page.showDrawing(false); page.fitAll(); });
for (const way of ["undo", "redo"]) $(`#${way}`).onclick = () => page.travel(way);
$("#add-row").onclick = () => { page.insert(doc.steps.length); page.focusCell(doc.steps.length - 1, "activity"); };
$("#renumber").onclick = () => { tidy(); renumber(); page.edited(); };
$("#send")?.addEventListener("click", async (event) => { if (!page.dirty()) return; event.preventDefault(); await page.flush(); if (!page.dirty()) location.href = $("#send").href; });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && page.dirty()) { page.stored((store) => store.setItem(page.kept, JSON.stringify({ doc }))); page.save({ keepalive: true }); } });
window.addEventListener("beforeunload", (event) => { if (page.dirty()) event.preventDefault(); });
doc.steps.length || doc.steps.push({ no: "1", end: "finished" });
tidy();
$("#plain").hidden = true;
root.hidden = false;
all(".only-script").forEach((one) => { one.hidden = false; });
if (innerWidth < 1100 || page.stored((store) => store.getItem("konsep-panel")) === "0") { $("#panel").hidden = innerWidth >= 1100; $(".bench").classList.toggle("wide", innerWidth >= 1100); $("#panel-toggle").setAttribute("aria-expanded", String(innerWidth < 1100)); }
if (!doc.identity.name) $("#identity").open = true;
for (const begin of [page.showIdentity, page.render, () => page.show(page.looked), page.showUndo, offer]) begin();
