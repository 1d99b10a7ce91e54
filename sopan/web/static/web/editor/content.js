// The content of the procedure, in the format of its file, and what may be done to it. Nothing here knows the table.
import { W, address, put, read } from "./dom.js";

export let doc = read("content");
export const replaceDoc = (content) => { doc = content; };

const ENDS = { finished: W.finished, rejected: W.rejected, withdrawn: W.withdrawn };
export const TEXTS = ["no", "activity", "requirements", "time", "outputs", "remarks"];
const LISTS = ["requirements", "outputs"];
export const GUESSED = { exits: "next", end: "next", actors: "actor" };
export const idOf = (step) => step.id || step.no || "";
export const actorsOf = (step) => step.actors ?? (step.actor ? [step.actor] : []);
export const textOf = (item) => (typeof item === "string" ? item : item.text ?? "");
export const numberOf = (id) => doc.steps.find((step) => idOf(step) === id)?.no || id;
export const columns = () => ["no", "activity", ...Object.keys(doc.actors).map((id) => `a:${id}`), "next", "requirements", "time", "outputs", "remarks"];
export const valueOf = (step, key) => (LISTS.includes(key) ? (step[key] ?? []).map(textOf).join("\n") : step[key] ?? "");
export const known = (step, ...keys) => put(step, "inferred", (step.inferred ?? []).filter((key) => !keys.includes(key)));
export const setText = (step, key, text) => {
  if (!LISTS.includes(key)) put(step, key, text);
  else {
    const rich = new Map((step[key] ?? []).filter((item) => typeof item !== "string").map((item) => [item.text, item]));
    put(step, key, text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => rich.get(line) ?? line));
  }
  known(step, key);
};
export const idsFromNumbers = (text) => text.split(/,| dan /).map((one) => one.trim()).filter(Boolean)
  .map((one) => idOf(doc.steps.find((step) => step.no === one) ?? { id: one }));
export const goalOf = (text) => {
  const end = Object.keys(ENDS).find((key) => ENDS[key] === text.trim().toLowerCase());
  if (end) return { end };
  const to = idsFromNumbers(text);
  return to.length ? { to } : {};
};
export const goalText = (to = [], end = "") => to.map(numberOf).join(", ") || (ENDS[end] ?? "");
export const setFollow = (step, text) => {
  const goal = goalOf(text);
  delete step.next; delete step.end;
  if (goal.end) step.end = goal.end;
  else if (goal.to) step.next = goal.to;
  else if (step === doc.steps.at(-1)) step.end = "finished";
  known(step, "next", "end");
};
export const setKind = (step, kind) => {
  put(step, "kind", kind);
  if (kind === "decision" && !step.exits) {
    const place = doc.steps.indexOf(step), before = doc.steps[place - 1], below = doc.steps[place + 1];
    step.exits = { ya: { label: W.yes, ...(below ? { to: step.next ?? [idOf(below)] } : { end: "finished" }) }, tidak: { label: W.not, ...(before ? { to: [idOf(before)] } : {}), reason: true } };
    delete step.next; delete step.end;
  } else if (kind !== "decision" && step.exits) {
    const first = Object.values(step.exits)[0] ?? {};
    delete step.exits;
    if (first.end) step.end = first.end;
    else if (first.to) step.next = first.to;
    tidy();
  }
  known(step, "kind", ...(kind === "decision" ? [] : ["exits"]));
};
// "Row below" is not written down, so that rows can be moved and put between
export const tidy = () => doc.steps.forEach((step, place) => {
  const below = doc.steps[place + 1];
  if (below && step.next?.length === 1 && step.next[0] === idOf(below)) delete step.next;
});

// Rows: goals stay right when rows come, go and move
export const retarget = (change) => doc.steps.forEach((step) => {
  const goals = (list) => [...new Set(list.flatMap(change))];
  if (step.next) put(step, "next", goals(step.next));
  Object.values(step.exits ?? {}).forEach((way) => { if (way.to) way.to = goals(way.to); });
  (step.separation ?? []).forEach((rule) => { rule.not_same_as = goals(rule.not_same_as ?? []); });
});
export const sequential = () => doc.steps.every((step, place) => step.no === String(place + 1));
export const freshName = (before) => {
  let no = before?.no ? `${before.no}a` : "1";
  while (doc.steps.some((step) => step.no === no || idOf(step) === no)) no += "a";
  return address.keepsIds ? { no, id: freshId() } : { no };
};
const freshId = () => { let n = doc.steps.length + 1; while (doc.steps.some((step) => idOf(step) === `b${n}`)) n += 1; return `b${n}`; };
export const renumber = () => {
  const before = doc.steps.map(idOf), keeps = Boolean(address.keepsIds);
  doc.steps.forEach((step, place) => { step.no = String(place + 1); if (keeps) step.id = before[place]; else delete step.id; });
  if (keeps) doc.steps.forEach((step) => { if (step.id === step.no) delete step.id; });
  else retarget((id) => (before.includes(id) ? String(before.indexOf(id) + 1) : id));
};
export const setNumber = (step, text) => {
  const old = idOf(step), free = !doc.steps.some((other) => other !== step && idOf(other) === text);
  step.no = text;
  known(step, "no");
  if (address.keepsIds || !free || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(text)) step.id = old || freshId();
  else { delete step.id; retarget((id) => (id === old ? text : id)); }
  if (step.id === step.no) delete step.id;
};
export const setActors = (step, ids) => {
  delete step.actor; delete step.actors;
  if (ids.length === 1) [step.actor] = ids;
  else if (ids.length) step.actors = ids;
  if (ids.length < 2) delete step.participation;
  known(step, "actor", "actors");
};
export const emptyRow = (step) => !step.activity && !actorsOf(step).length;
export const plainId = (text, taken, first) => {
  let base = text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 32) || first, id = base = /^[a-z]/.test(base) ? base : `${first}_${base}`, n = 2;
  while (taken.includes(id)) { id = `${base}_${n}`; n += 1; }
  return id;
};
export const fieldId = (step, text) => plainId(text, (step.fields ?? []).map((one) => one.id), "isian");
export const addActor = (name) => { const id = plainId(name, Object.keys(doc.actors), "pelaksana"); doc.actors[id] = { name }; return id; };
