// Table
import { $, all, W, DOTS, el, labelled, sheet, body } from "./dom.js";
import { doc, GUESSED, idOf, actorsOf, valueOf, known, goalText } from "./content.js";
import { page } from "./page.js";

const pictures = new WeakMap();  // step -> its piece of the drawing
const WIDTHS = { no: 64, activity: 256, next: 132, requirements: 150, time: 104, outputs: 140, remarks: 130 };
const SHARES = { activity: 0.4, requirements: 0.25, outputs: 0.2, remarks: 0.15 };  // of the room that is left
const actorWidths = () => Object.keys(doc.actors).map((_, place) => Math.max(44, (page.looked.widths ?? [])[place] ?? 60));
const kindWord = (step) => ({ start: W.start, decision: W.decision, end: W.end })[step.kind] ?? W.box;
const shapeOf = (step) => ({ start: "capsule", decision: "diamond", end: "capsule" })[step.kind] ?? "box";
const render = () => {
  const focused = sheet.contains(document.activeElement);
  heads();
  body.replaceChildren(...doc.steps.map(rowOf));
  showDrawing(false);
  page.showFaults();
  page.showColumns();
  page.showStep();
  $("#time-unit").value = doc.time_unit ?? "";
  if (focused) page.focusCell(page.at.row, page.at.col);
  fitAll();
};
const heads = () => {
  const th = (text, given = {}) => el("th", { scope: "col", textContent: text, ...given });
  const actors = Object.entries(doc.actors).map(([id, actor]) => {
    const button = labelled(el("button", { type: "button", className: "actor-head", onclick: (event) => page.actorMenu(event.currentTarget, id) }, el("span", { textContent: actor.name || "–" })), `${actor.name || "–"}: ${W.actorMenu}`);
    return el("th", { scope: "col", className: "a" }, button);
  });
  const both = { rowSpan: 2 };
  $("thead", sheet).replaceChildren(
    el("tr", {}, th(W.no, { ...both, className: "stick" }), th(W.activity, { ...both, className: "stick two" }), actors.length ? th(W.actors, { colSpan: actors.length, scope: "colgroup" }) : null, th(W.next, both), th(W.standard, { colSpan: 3, scope: "colgroup" }), th(W.remarks, both)),
    el("tr", {}, ...actors, th(W.requirements), th(W.time), th(W.outputs)));
};
const rowOf = (step, place) => {
  const row = el("tr");
  row.dataset.row = place;
  const number = labelled(el("input", { className: "cell", value: step.no ?? "", maxLength: 12 }), `${W.no} ${place + 1}`);
  number.dataset.col = "no";
  const menu = labelled(el("button", { type: "button", className: "row-menu", tabIndex: -1, onclick: (event) => page.rowMenu(event.currentTarget, place) }, DOTS.cloneNode(true)), `${W.menu} ${step.no ?? ""}`);
  row.append(el("td", { className: "no stick" }, number, menu), textCell(step, "activity", "stick two"), ...actorCells(step), nextCell(step));
  for (const key of ["requirements", "time", "outputs", "remarks"]) row.append(textCell(step, key));
  return row;
};
const label = (key, step) => `${W[key]}, ${W.step} ${step.no ?? ""}`;
const textCell = (step, key, more = "") => {
  const area = labelled(el("textarea", { className: "cell", rows: 1, value: valueOf(step, key), maxLength: 5000, spellcheck: false }), label(key, step));
  area.dataset.col = key;
  const cell = el("td", { className: `text ${key} ${more}` }, area);
  if (key === "time") cell.append(el("small", { className: "meaning" }));
  if (key === "activity") cell.append(guesses(step));
  return cell;
};
const guesses = (step) => {
  const box = el("div", { className: "guesses" }), words = new Map();
  (step.inferred ?? []).forEach((key) => { const word = W[GUESSED[key] ?? key] ?? key; words.set(word, [...(words.get(word) ?? []), key]); });
  if (words.size) box.append(el("small", { textContent: W.inferred }));
  words.forEach((keys, word) => {
    const button = el("button", { type: "button", className: "guess", tabIndex: -1, title: W.right, onclick: () => { known(step, ...keys); page.changed(); render(); } }, `${word.toLowerCase()} `, el("b", { textContent: W.right }));
    box.append(labelled(button, `${word} ${W.inferred}, ${W.step} ${step.no}: ${W.right}`));
  });
  return box;
};
const actorCells = (step) => {
  const chosen = actorsOf(step), ids = Object.keys(doc.actors), stop = ids.find((id) => chosen.includes(id)) ?? ids[0];
  return ids.map((id, place) => {
    const mine = chosen.includes(id), guessed = mine && (step.inferred ?? []).some((key) => ["actor", "actors", "kind"].includes(key));
    const button = el("button", { type: "button", className: "cell symbol", tabIndex: id === stop ? 0 : -1 }, el("span", { className: `sym ${shapeOf(step)}` }));
    button.dataset.col = `a:${id}`;
    button.setAttribute("aria-pressed", String(mine));
    labelled(button, `${doc.actors[id].name || "–"}, ${W.step} ${step.no ?? ""}: ${mine ? kindWord(step) + (guessed ? `, ${W.inferred}` : "") : W.empty}`);
    const cell = el("td", { className: `a${mine ? " chosen" : ""}${guessed ? " guessed" : ""}` }, button);
    if (place === 0) cell.prepend(el("div", { className: "flow" }));
    return cell;
  });
};
const nextCell = (step) => {
  const cell = el("td", { className: "next" });
  if (step.exits) Object.entries(step.exits).forEach(([answer, way]) => {
    const input = labelled(el("input", { className: "cell", value: goalText(way.to, way.end), size: 6 }), `${way.label || answer}: ${label("next", step)}`);
    Object.assign(input.dataset, { col: "next", answer });
    cell.append(el("div", { className: "way" }, el("span", { textContent: way.label || answer, title: way.label || "" }), input));
  });
  else {
    const ends = step.kind === "end" && !step.next && !step.end, last = step === doc.steps.at(-1);
    const input = labelled(el("input", { className: "cell", value: goalText(step.next, ends ? "finished" : step.end), placeholder: last ? W.finished : W.below }), label("next", step));
    input.dataset.col = "next";
    cell.append(input);
  }
  return cell;
};
const showDrawing = (fresh) => {
  const widths = actorWidths(), total = widths.reduce((sum, width) => sum + width, 0);
  const least = total + Object.values(WIDTHS).reduce((sum, width) => sum + width, 0), spare = Math.max(0, $("#wrap").clientWidth - least);
  const wide = (key) => WIDTHS[key] + Math.floor(spare * (SHARES[key] ?? 0));
  const every = [wide("no"), wide("activity"), ...widths, ...["next", "requirements", "time", "outputs", "remarks"].map(wide)];
  const cols = all("col", sheet), group = $("colgroup", sheet);
  if (cols.length !== every.length) group.replaceChildren(...every.map(() => el("col")));
  all("col", sheet).forEach((col, place) => { col.style.width = `${every[place]}px`; });
  sheet.style.width = `${every.reduce((sum, width) => sum + width, 0)}px`;
  all("tr", body).forEach((row, place) => {
    const step = doc.steps[place], flow = $(".flow", row), picture = pictures.get(step);
    if (!flow) return;
    flow.style.width = `${total}px`;
    if (fresh || !flow.firstChild) flow.innerHTML = picture ?? "";
    row.classList.toggle("drawn", Boolean(picture));
    if (fresh && page.looked.rows) row.classList.remove("stale");
    const height = Number(flow.firstChild?.getAttribute?.("height") ?? 0);
    flow.parentElement.style.height = `${Math.max(44, height)}px`;
    const meaning = $(".meaning", row), stands = page.looked.states?.[idOf(step)] ?? "";
    meaning.textContent = page.looked.times?.[place] ?? "";
    for (const one of ["now", "done"]) row.classList.toggle(one, page.trying() && stands === one);
  });
};
const fit = (area) => { if (!CSS.supports("field-sizing", "content")) { area.style.height = "auto"; area.style.height = `${area.scrollHeight}px`; } };
const fitAll = () => all("textarea.cell", body).forEach(fit);

Object.assign(page, { pictures, render, guesses, showDrawing, fit, fitAll });
