// Panel: the step in focus
import { $, all, W, CROSS, el, labelled, put } from "./dom.js";
import { doc, actorsOf, textOf, numberOf, known, idsFromNumbers, goalOf, goalText, setFollow, setKind, plainId, fieldId } from "./content.js";
import { page } from "./page.js";

const current = () => doc.steps[Math.min(page.at.row, doc.steps.length - 1)];
const edited = (again = true) => { page.changed(); if (again) setTimeout(page.render); };  // when the next field has the focus
const drop = (what, work) => labelled(el("button", { type: "button", className: "btn s i q", onclick: () => { work(); edited(); } }, CROSS.cloneNode(true)), what);
const check = (text, on, work) => el("label", { className: "tick" }, el("input", { type: "checkbox", checked: Boolean(on), onchange: (event) => { work(event.target.checked); edited(false); } }), text);
const field = (name, value, work, given = {}) => labelled(el("input", { className: "in-t", value, onchange: (event) => { work(event.target.value.trim()); edited(); }, ...given }), name);
const showStep = () => {
  const step = current();
  $("#step-title").textContent = `${W.stepTitle} ${step.no ?? ""}`;
  all("[data-step]", $("#panel-step")).forEach((input) => { if (input === document.activeElement) return; if (input.type === "checkbox") input.checked = Boolean(step[input.dataset.step]); else input.value = step[input.dataset.step] ?? ""; });
  all("[data-kind]", $("#panel-step")).forEach((button) => button.setAttribute("aria-pressed", String((step.kind === "activity" ? "" : step.kind ?? "") === button.dataset.kind)));
  $("#s-participation-field").hidden = actorsOf(step).length < 2;
  $("#add-answer").hidden = step.kind !== "decision";
  const inputs = () => all("input, select, button", $("#panel-step")), focused = inputs().indexOf(document.activeElement);
  $("#s-ways").replaceChildren(...(step.exits ? Object.entries(step.exits).map(([answer, way]) => wayOf(step, answer, way)) : [plainWay(step)]));
  $("#s-requirements").replaceChildren(...(step.requirements ?? []).map((item, n) => requirementOf(step, item, n)));
  $("#s-requirements-none").hidden = Boolean(step.requirements?.length);
  $("#s-fields").replaceChildren(...(step.fields ?? []).map((one, n) => fieldOf(step, one, n)));
  const rule = step.separation?.[0];
  $("#s-apart").value = (rule?.not_same_as ?? []).map(numberOf).join(", ");
  $("#s-apart-why").value = rule?.why ?? "";
  $("#phases").replaceChildren(...[...new Set(doc.steps.map((one) => one.phase).filter(Boolean))].map((phase) => el("option", { value: phase })));
  $("#s-work").hidden = !step.work && !step.decision;
  $("#s-work code").textContent = step.work ?? step.decision ?? "";
  if (focused >= 0 && !inputs().includes(document.activeElement)) inputs()[focused]?.focus();
  showStepFaults();
};
const showStepFaults = () => $("#step-faults").replaceChildren(...page.looked.faults.filter((fault) => fault.place === doc.steps.indexOf(current())).map(page.faultButton));
const plainWay = (step) => el("div", { className: "way-line one" }, field(W.goal, goalText(step.next, step.end), (text) => setFollow(step, text), { id: "s-next", placeholder: step === doc.steps.at(-1) ? W.finished : W.below }));
const wayOf = (step, answer, way) => el("div", { className: "way-line" },
  field(W.answer, way.label ?? "", (text) => { put(way, "label", text); known(step, "exits"); }, { id: `w-label-${answer}` }),
  field(`${way.label || answer}: ${W.goal}`, goalText(way.to, way.end), (text) => { delete way.to; delete way.end; Object.assign(way, goalOf(text)); known(step, "exits"); }, { placeholder: W.goalHint, id: `w-goal-${answer}` }),
  drop(`${W.drop}: ${way.label || answer}`, () => { delete step.exits[answer]; if (!Object.keys(step.exits).length) delete step.exits; }),
  check(W.reason, way.reason, (on) => put(way, "reason", on)));
const requirementOf = (step, item, n) => {
  const set = (key) => (on) => {
    const one = { ...(typeof item === "string" ? { text: item } : item) };
    put(one, key, on);
    step.requirements[n] = item = one.attach || one.required ? one : one.text;
  };
  return el("div", { className: "item-line" }, el("span", { textContent: textOf(item) }), check(W.attach, item.attach, set("attach")), check(W.required, item.required, set("required")));
};
const fieldOf = (step, one, n) => {
  const kind = labelled(el("select", { className: "in-t", onchange: (event) => { put(one, "kind", event.target.value); edited(); } }, $("#field-kinds").content.cloneNode(true)), W.fieldKind);
  kind.value = one.kind === "text" ? "" : one.kind ?? "";
  return el("div", { className: "item-line field-line" },
    field(W.fieldLabel, one.label ?? "", (text) => { one.label = text; one.id ||= fieldId(step, text); }), kind,
    drop(`${W.drop}: ${one.label ?? ""}`, () => { step.fields.splice(n, 1); put(step, "fields", step.fields); }),
    one.kind === "choice" ? field(W.choices, (one.choices ?? []).join("; "), (text) => put(one, "choices", text.split(";").map((word) => word.trim()).filter(Boolean)), { placeholder: W.choices }) : null,
    check(W.required, one.required !== false, (on) => { if (on) delete one.required; else one.required = false; }));
};
$("#panel-step").addEventListener("input", (event) => {
  const input = event.target, key = input.dataset.step;
  if (!key) return;
  put(current(), key, input.type === "checkbox" ? input.checked : input.value);
  page.changed(input.type !== "checkbox" && input.tagName !== "SELECT");
});
$("#panel-step").addEventListener("click", (event) => {
  const kind = event.target.closest("[data-kind]");
  if (kind) { setKind(current(), kind.dataset.kind); edited(); }
});
const setApart = () => {
  const to = idsFromNumbers($("#s-apart").value), why = $("#s-apart-why").value.trim(), step = current();
  const rest = (step.separation ?? []).slice(1);
  put(step, "separation", to.length ? [{ not_same_as: to, ...(why ? { why } : {}) }, ...rest] : rest);
  edited(false);
};
for (const id of ["#s-apart", "#s-apart-why"]) $(id).addEventListener("change", setApart);
$("#add-answer").onclick = () => {
  const step = current();
  step.exits ??= {};
  step.exits[plainId("jawaban", Object.keys(step.exits), "jawaban")] = { label: "" };
  edited();
  $("#s-ways .way-line:last-child input").focus();
};
$("#add-field").onclick = () => { const step = current(); (step.fields ??= []).push({ label: "" }); showStep(); $("#s-fields .item-line:last-child input").focus(); };

// Tabs of the panel
const TABS = ["step", "faults", "try"];
const openTab = (name) => {
  showPanel(true);
  const was = page.trying();
  TABS.forEach((one) => { const tab = $(`#tab-${one}`); tab.setAttribute("aria-selected", String(one === name)); tab.tabIndex = one === name ? 0 : -1; $(`#panel-${one}`).hidden = one !== name; });
  if (name === "try") page.look(0);
  else if (was) { page.looked = { ...page.looked, states: undefined }; page.look(0); }
};
TABS.forEach((name) => { $(`#tab-${name}`).onclick = () => openTab(name); });
$(".panel-tabs").onkeydown = (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], now = TABS.findIndex((name) => event.target.id === `tab-${name}`);
  if (!step) return;
  const next = TABS[(now + step + TABS.length) % TABS.length];
  openTab(next);
  $(`#tab-${next}`).focus();
};
const showPanel = (open) => {
  $("#panel").hidden = !open;
  $(".bench").classList.toggle("wide", !open);
  $("#panel-toggle").setAttribute("aria-expanded", String(open));
  page.showDrawing(false);
  page.fitAll();
  page.stored((store) => store.setItem("konsep-panel", open ? "1" : "0"));
};
$("#panel-toggle").onclick = () => showPanel($("#panel").hidden);

Object.assign(page, { edited, showStep, showStepFaults, openTab });
