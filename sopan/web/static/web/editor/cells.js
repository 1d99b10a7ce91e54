// Cells: typing, choosing
import { $, all, body } from "./dom.js";
import { doc, TEXTS, actorsOf, known, setText, goalOf, setFollow, tidy, setNumber, setActors } from "./content.js";
import { page } from "./page.js";

const place = (node) => { const row = node.closest?.("tr[data-row]"); return row && body.contains(row) ? Number(row.dataset.row) : -1; };
const focusCell = (row, col) => {
  const line = $(`tr[data-row="${Math.max(0, row)}"]`, body), target = line && ($(`[data-col="${CSS.escape(col)}"]`, line) ?? $('[data-col="activity"]', line));
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "nearest", inline: "nearest" });
  return target;
};
const leave = (cell) => {  // what is understood only when the cell is left
  const step = doc.steps[place(cell)];
  if (!step || cell.value === undefined || cell.value === cell.dataset.was) return;
  if (cell.dataset.col === "no") setNumber(step, cell.value.trim());
  else if (cell.dataset.answer) {
    const way = step.exits[cell.dataset.answer], goal = goalOf(cell.value);
    delete way.to; delete way.end;
    Object.assign(way, goal);
    known(step, "exits");
  } else if (cell.dataset.col === "next") setFollow(step, cell.value);
  else return;
  cell.dataset.was = cell.value;
  tidy();
  page.changed();
  page.render();
};
body.addEventListener("input", (event) => {
  const cell = event.target, step = doc.steps[place(cell)], key = cell.dataset.col;
  if (!step || !TEXTS.includes(key) || key === "no") return;
  setText(step, key, cell.value);
  if (key === "requirements") page.showStep();
  $(".guesses", cell.closest("tr"))?.replaceWith(page.guesses(step));
  page.fit(cell);
  page.changed(true);
});
body.addEventListener("focusin", (event) => {
  const cell = event.target, row = place(cell);
  if (row < 0 || !cell.dataset.col) return;
  cell.dataset.was = cell.value ?? "";
  const moved = row !== page.at.row;
  page.at = { row, col: cell.dataset.col };
  all("tr.cur", body).forEach((one) => one.classList.remove("cur"));
  cell.closest("tr").classList.add("cur");
  if (moved || !$("#step-title").textContent) page.showStep();
});
body.addEventListener("focusout", (event) => {
  if (event.target.dataset.col) setTimeout(() => leave(event.target));  // when the next cell has the focus
  if (page.state.typed) { page.snap(); clearTimeout(page.state.timer); page.state.timer = setTimeout(page.save, 20); }
});
const choose = (row, id, also = false) => {
  const step = doc.steps[row], chosen = actorsOf(step);
  const next = also ? (chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]) : [id];
  setActors(step, next);
  page.at = { row, col: `a:${id}` };
  touched(row);
};
const touched = (row) => { page.changed(); page.render(); const line = $(`tr[data-row="${row}"]`, body); line?.classList.add("stale"); };
body.addEventListener("click", (event) => {
  const cell = event.target.closest(".cell.symbol");
  if (!cell) return;
  const row = place(cell), id = cell.dataset.col.slice(2), mine = cell.getAttribute("aria-pressed") === "true";
  if (mine) page.symbolMenu(cell, row, id);
  else choose(row, id, event.ctrlKey || event.shiftKey || event.metaKey);
  if (!mine) focusCell(row, `a:${id}`);
});

Object.assign(page, { place, focusCell, leave, choose, touched });
