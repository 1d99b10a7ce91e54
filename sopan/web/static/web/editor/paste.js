// Paste a table from Word or Excel
import { $, all, say, W, body } from "./dom.js";
import { doc, TEXTS, setText, freshName, setNumber, setActors, emptyRow, addActor } from "./content.js";
import { page } from "./page.js";

const HEADS = [["no", /^no(mor|\.)?$/i], ["activity", /kegiatan|uraian|aktivitas/i], ["requirements", /kelengkapan|persyaratan|perlengkapan/i], ["time", /waktu/i], ["outputs", /output|hasil/i], ["remarks", /^ket/i], ["", /pelaksana|mutu baku/i]];
const lines = (cell) => {
  all("br", cell).forEach((br) => br.replaceWith("\n"));
  all("p, li, div", cell).forEach((block) => block.append("\n"));
  return cell.textContent.replace(/[ \t\u00a0]+/g, " ").split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
};
const fromHtml = (html) => {
  const quiet = html.replace(/\son[a-z]+\s*=/gi, " data-off=");  // handlers never run; this keeps the policy from complaining
  const table = html && $("table", new DOMParser().parseFromString(quiet, "text/html"));
  if (!table) return null;
  const grid = [], rows = [...table.rows].slice(0, 500);
  rows.forEach((row, r) => {
    grid[r] ??= [];
    let c = 0;
    for (const cell of row.cells) {
      while (grid[r][c] !== undefined) c += 1;
      const text = lines(cell), wide = Math.min(cell.colSpan, 60), high = Math.min(cell.rowSpan, rows.length - r);
      for (let down = 0; down < high; down += 1) for (let right = 0; right < wide; right += 1) (grid[r + down] ??= [])[c + right] = down || right ? "" : text;
    }
  });
  return grid.map((row) => Array.from(row, (text) => text ?? ""));
};
const fromText = (text) => text.replace(/\r/g, "").trimEnd().split("\n").slice(0, 500).map((line) => line.split("\t"));
const pasteTable = (grid, head) => {
  const labels = grid[0].map((_, c) => grid.slice(head, head + 2).map((row) => row[c] ?? "").filter(Boolean));
  const second = HEADS.some(([key, pattern]) => ["time", "requirements"].includes(key) && (grid[head + 1] ?? []).some((text) => pattern.test(text) && text.length < 40));
  const keys = labels.map((texts) => {
    const told = texts.slice(0, second ? 2 : 1).reverse();
    for (const text of told) { const found = HEADS.find(([, pattern]) => pattern.test(text)); if (found?.[0]) return found[0]; }
    return told.find((text) => !HEADS.some(([, pattern]) => pattern.test(text))) ? { actor: told.find((text) => !HEADS.some(([, pattern]) => pattern.test(text))) } : "";
  });
  keys.forEach((key) => { if (key.actor) key.id = Object.keys(doc.actors).find((id) => doc.actors[id].name?.toLowerCase() === key.actor.toLowerCase()) ?? addActor(key.actor); });
  const body_ = grid.slice(head + (second ? 2 : 1)), rows = [];
  body_.forEach((texts) => {
    const step = {}, chosen = [];
    keys.forEach((key, c) => { const text = (texts[c] ?? "").trim(); if (!text) return; if (key.id) chosen.push(key.id); else if (key && key !== "no") setText(step, key, text); });
    if (!step.activity || /^[\d\s.]+$/.test(step.activity)) return;
    setActors(step, chosen);
    rows.push(step);
  });
  return rows;
};
body.addEventListener("paste", (event) => {
  const row = page.place(event.target), col = event.target.dataset?.col;
  if (row < 0 || !event.clipboardData) return;
  const grid = fromHtml(event.clipboardData.getData("text/html")) ?? fromText(event.clipboardData.getData("text/plain"));
  const wide = Math.max(...grid.map((line) => line.length));
  if (wide < 2 && (grid.length < 2 || col === "activity" || event.target.value)) return;  // plain text goes into the cell
  event.preventDefault();
  const head = grid.slice(0, 3).findIndex((line) => line.length > 2 && line.some((text) => HEADS[1][1].test(text) && text.length < 40));
  if (head >= 0) {
    const rows = pasteTable(grid, head), lone = doc.steps.length === 1 && emptyRow(doc.steps[0]);
    if (lone && rows.length) doc.steps.length = 0;
    if (rows.length) page.insert(lone ? 0 : row + 1, rows);
    return say(`${rows.length} ${W.pasted}`);
  }
  const keys = TEXTS.slice(TEXTS.includes(col) ? TEXTS.indexOf(col) : 1);
  page.reshape((steps) => grid.forEach((line, n) => {
    if (!steps[row + n]) steps.push(freshName(steps.at(-1)));
    line.forEach((text, c) => { if (!keys[c]) return; if (keys[c] === "no") { if (text.trim()) setNumber(steps[row + n], text.trim()); } else setText(steps[row + n], keys[c], text.trim()); });
  }));
  page.focusCell(row, col);
  say(`${grid.length} ${W.pasted}`);
});
