// Keys
import { $, body } from "./dom.js";
import { doc, actorsOf, columns, known, setKind, setActors } from "./content.js";
import { page } from "./page.js";

const move = (row, col, down, right) => {
  const every = columns(), next = every[every.indexOf(col) + right];
  if (row + down < 0 || row + down >= doc.steps.length || (right && !next)) return false;
  const target = page.focusCell(row + down, right ? next : col);
  if (target?.setSelectionRange) target.setSelectionRange(right > 0 ? 0 : target.value.length, right > 0 ? 0 : target.value.length);
  return Boolean(target);
};
const arrow = (event, cell, row, col) => {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!step || event.shiftKey || event.ctrlKey || event.metaKey) return false;
  if (cell.matches("input, textarea")) {
    const { selectionStart: from, selectionEnd: to, value } = cell;
    const single = !value.includes("\n") && cell.scrollHeight < 40;
    const edge = { ArrowUp: single || to === 0, ArrowDown: single || from === value.length, ArrowLeft: to === 0, ArrowRight: from === value.length }[event.key];
    if (!edge) return false;
  }
  return move(row, col, ...step);
};
const symbolKey = (event, row, id) => {
  const step = doc.steps[row], kinds = { m: "start", k: "", p: "decision", s: "end" }, key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (key === " " || key === "enter") {
    if (!actorsOf(step).includes(id)) page.choose(row, id);
    else page.symbolMenu(event.target, row, id);
    if (!page.floating) page.focusCell(row, `a:${id}`);
    return true;
  }
  if (key === "+") page.choose(row, id, true);
  else if (key === "delete" || key === "backspace") { setActors(step, actorsOf(step).filter((one) => one !== id)); page.touched(row); }
  else if (key in kinds) { if (!actorsOf(step).includes(id)) setActors(step, [id]); setKind(step, kinds[key]); page.touched(row); }
  else if (key === "b" && step.inferred) { known(step, "actor", "actors", "kind"); page.touched(row); }
  else return false;
  page.focusCell(row, `a:${id}`);
  return true;
};
const enter = (event, cell, row, col) => {
  if (event.shiftKey) return false;
  page.leave(cell);
  if (event.ctrlKey || event.metaKey) { page.insert(row + 1); page.focusCell(row + 1, "activity"); }
  else if (row === doc.steps.length - 1) { page.insert(row + 1); page.focusCell(row + 1, col === "no" ? "activity" : col); }
  else move(row, col, 1, 0);
  return true;
};
const cellKey = (event) => {
  const cell = event.target, row = page.place(cell), col = cell.dataset?.col;
  if (row < 0 || !col) return false;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) { page.leave(cell); page.shift(row, event.key === "ArrowUp" ? -1 : 1); page.focusCell(page.at.row, col); return true; }
  if (event.altKey && event.key === "Delete") { page.remove(row); page.focusCell(page.at.row, col); return true; }
  if (event.altKey && event.key === "Enter") { page.leave(cell); page.openTab("step"); $("#s-name").focus(); return true; }
  if (event.key === "Escape" && cell.value !== undefined && cell.value !== cell.dataset.was) {
    cell.value = cell.dataset.was;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }
  if (arrow(event, cell, row, col)) return true;
  if (col.startsWith("a:")) return symbolKey(event, row, col.slice(2));
  return event.key === "Enter" && !event.altKey && enter(event, cell, row, col);
};
body.addEventListener("keydown", (event) => { if (!event.isComposing && cellKey(event)) { event.preventDefault(); event.stopPropagation(); } });
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, textarea, select"), key = event.key.toLowerCase();
  const help = event.key === "F1" || (event.key === "?" && !typing && document.body.dataset.keyboard === "on");
  if (help && !$("dialog[open]")) { event.preventDefault(); $("#editor-keys").showModal(); }
  if (event.altKey && event.key === "Enter" && $("#panel").contains(event.target)) { event.preventDefault(); page.focusCell(page.at.row, page.at.col); }
  if (!(event.ctrlKey || event.metaKey) || event.altKey || $("dialog[open]")) return;
  if (key !== "z" && key !== "y") return;
  const back = key === "z" && !event.shiftKey;
  if (back && typing && event.target.dataset.was !== undefined && event.target.value !== event.target.dataset.was) return;  // the cell's own undo first
  event.preventDefault();
  page.travel(back ? "undo" : "redo");
}, true);
