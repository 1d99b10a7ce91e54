// Columns and identity
import { root, $, all, W, CROSS, LEFT, RIGHT, el, labelled, put, sheet } from "./dom.js";
import { doc, actorsOf, setActors, addActor } from "./content.js";
import { page } from "./page.js";

const moveActor = (now, by) => {
  const entries = Object.entries(doc.actors);
  [entries[now], entries[now + by]] = [entries[now + by], entries[now]];
  doc.actors = Object.fromEntries(entries);
  page.edited();
};
const dropActor = (id) => {
  if (doc.steps.some((step) => actorsOf(step).includes(id)) && !confirm(W.dropQuestion)) return;
  delete doc.actors[id];
  doc.steps.forEach((step) => { if (actorsOf(step).includes(id)) setActors(step, actorsOf(step).filter((one) => one !== id)); });
  page.edited();
};
const showColumns = () => {
  const ids = Object.keys(doc.actors), list = $("#actors");
  $("#actor-count").textContent = String(ids.length);
  if (list.contains(document.activeElement) && document.activeElement.matches("input") && list.children.length === ids.length) return;
  list.replaceChildren(...ids.map((id, n) => {
    const actor = doc.actors[id];
    const name = labelled(el("input", { className: "in-t", value: actor.name ?? "", maxLength: 120, oninput: (event) => { actor.name = event.target.value; $(`thead tr:last-child th:nth-child(${n + 1}) span`, sheet).textContent = actor.name || "–"; page.changed(true); } }), `${W.actorName} ${n + 1}`);
    const kind = labelled(el("select", { className: "in-t", onchange: (event) => { put(actor, "kind", event.target.value); page.changed(); } }, $("#actor-kinds").content.cloneNode(true)), `${W.actorKind}: ${actor.name}`);
    kind.value = actor.kind === "staff" ? "" : actor.kind ?? "";
    const button = (icon, text, work, disabled) => labelled(el("button", { type: "button", className: "btn s i q", disabled, onclick: work }, icon.cloneNode(true)), `${text}: ${actor.name}`);
    const line = el("li", {}, name, kind, button(LEFT, W.left, () => moveActor(n, -1), n === 0), button(RIGHT, W.toRight, () => moveActor(n, 1), n === ids.length - 1), button(CROSS, W.dropActor, () => dropActor(id), false));
    line.dataset.actor = id;
    return line;
  }));
};
$("#add-actor").onclick = () => { addActor(`${W.newActor} ${Object.keys(doc.actors).length + 1}`); page.edited(); $("#actors li:last-child input").select(); };
const identityOf = (path) => path.split(".").reduce((holder, key) => holder?.[key], doc.identity);
const showIdentity = () => all("[data-identity]", root).forEach((input) => { const value = identityOf(input.dataset.identity); input.value = "lines" in input.dataset ? (value ?? []).join("\n") : value ?? ""; });
$("#identity").addEventListener("input", (event) => {
  const input = event.target, [first, second] = input.dataset.identity.split(".");
  const value = "lines" in input.dataset ? input.value.split("\n").map((line) => line.trim()).filter(Boolean) : input.value;
  if (second) { const inner = { ...(doc.identity[first] ?? {}) }; put(inner, second, value); if (Object.keys(inner).length) doc.identity[first] = inner; else delete doc.identity[first]; } else put(doc.identity, first, value);
  page.changed(true);
});
$("#time-unit").onchange = (event) => { put(doc, "time_unit", event.target.value); page.changed(); };

Object.assign(page, { moveActor, dropActor, showColumns, showIdentity });
