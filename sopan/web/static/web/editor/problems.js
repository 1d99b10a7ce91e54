// Problems, where they are
import { root, $, all, W, STOP, WARN, el, sheet, body } from "./dom.js";
import { doc, actorsOf, columns } from "./content.js";
import { page } from "./page.js";

const cellsOf = (fault) => {
  const row = $(`tr[data-row="${fault.place}"]`, body);
  if (!row) return [];
  if (fault.cell === "actor") return all("td.a", row);
  const input = $(`[data-col="${fault.cell}"]`, row) ?? $('[data-col="no"]', row);
  return [input.closest("td")];
};
const showFaults = () => {
  all(".err, .doubt", sheet).forEach((cell) => { cell.classList.remove("err", "doubt"); cell.removeAttribute("title"); });
  for (const fault of [...page.looked.faults].reverse()) cellsOf(fault).forEach((cell) => {
    cell.classList.remove("err", "doubt");
    cell.classList.add(fault.error ? "err" : "doubt");
    cell.title = `${fault.what} ${fault.fix}`;
  });
  const errors = page.looked.faults.filter((fault) => fault.error).length, count = $("#fault-count");
  count.textContent = String(page.looked.faults.length);
  count.classList.toggle("bad", errors > 0);
  showGuesses();
  all("[data-faults]", root).forEach((chip) => {
    const here = page.looked.faults.filter((fault) => fault.place === Number(chip.dataset.faults));
    chip.hidden = !here.length;
    chip.textContent = `${here.length} ${W.errors}`;
  });
  $("#faults").replaceChildren(...page.looked.faults.map((fault) => el("li", {}, faultButton(fault))));
  $("#no-faults").hidden = page.looked.faults.length > 0;
  page.showStepFaults();
};
const showGuesses = () => {
  const count = doc.steps.reduce((sum, step) => sum + (step.inferred ?? []).length, 0);
  $("#next-guess").hidden = !count;
  $("#next-guess").textContent = `${count} ${W.still}`;
};
$("#next-guess").onclick = () => {
  const every = all(".guess", body), next = every.find((one) => page.place(one) > page.at.row) ?? every[0];
  if (!next) return;
  page.at = { row: page.place(next), col: "activity" };
  page.showStep();
  next.focus();
  next.scrollIntoView({ block: "center" });
};
const faultButton = (fault) => {
  const where = fault.place >= 0 ? `${W.stepTitle} ${doc.steps[fault.place]?.no ?? fault.place + 1}` : fault.place === -2 ? W.actors : fault.place === -3 ? W.chart : W.identity;
  return el("button", { type: "button", className: `fault ${fault.error ? "err" : "doubt"}`, onclick: () => goTo(fault) }, (fault.error ? STOP : WARN).cloneNode(true), el("span", {}, el("b", { textContent: `${where}: ` }), fault.what, el("small", { textContent: fault.fix })));
};
const goTo = (fault) => {
  if (fault.place >= 0) {
    const chosen = actorsOf(doc.steps[fault.place])[0] ?? Object.keys(doc.actors)[0];
    if (["separation", "fields"].includes(fault.cell)) { page.focusCell(fault.place, "activity"); page.openTab("step"); return $(fault.cell === "fields" ? "#add-field" : "#s-apart").focus(); }
    return page.focusCell(fault.place, fault.cell === "actor" ? `a:${chosen}` : columns().includes(fault.cell) ? fault.cell : "no");
  }
  if (fault.cell === "steps") return $("#add-row").focus();
  if (fault.place === -3) { const row = fault.what.includes(W.end) ? doc.steps.length - 1 : 0; return page.focusCell(row, `a:${actorsOf(doc.steps[row])[0] ?? Object.keys(doc.actors)[0]}`); }
  const block = $(fault.place === -2 ? "#columns" : "#identity");
  block.open = true;
  ($(`[data-identity="${CSS.escape(fault.cell)}"]`, block) ?? $(`[data-actor="${CSS.escape(fault.cell)}"] input`, block) ?? $("input, button", block)).focus();
};

Object.assign(page, { showFaults, faultButton });
