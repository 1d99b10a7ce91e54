// Rows: put in, taken out, moved
import { say, W, put } from "./dom.js";
import { doc, idOf, tidy, retarget, sequential, freshName, renumber } from "./content.js";
import { page } from "./page.js";

// Do something to the rows; then the first and the last row have the capsules, and numbers go on as they did
const reshape = (change) => {
  tidy();
  const { steps } = doc, first = steps[0], last = steps.at(-1), inOrder = sequential();
  change(steps);
  if (!steps.length) steps.push({ no: "1" });
  const now = { first: steps[0], last: steps.at(-1) };
  if (last !== now.last && !now.last.exits && !now.last.next) {
    if (last && steps.includes(last) && last.end === "finished" && !last.exits) delete last.end;
    now.last.end ??= "finished";
    if (last?.kind === "end") { if (steps.includes(last)) delete last.kind; now.last.kind ??= "end"; }
  }
  if (first !== now.first && first?.kind === "start") { if (steps.includes(first)) delete first.kind; now.first.kind ??= "start"; }
  if (inOrder) renumber();
  page.changed();
  page.render();
};
const insert = (place, rows = [{}]) => reshape((steps) => {
  rows.forEach((row, n) => insertOne(steps, place + n, row));
  page.at = { row: place, col: page.at.col === "no" ? "activity" : page.at.col };
});
const insertOne = (steps, place, row) => {
  const before = steps[place - 1], below = steps[place], step = { ...row, ...freshName(before) };
  Object.values(before?.exits ?? {}).forEach((way) => {
    if (below && way.to?.length === 1 && way.to[0] === idOf(below)) way.to = [idOf(step)];
    else if (!below && way.end === "finished") { delete way.end; way.to = [idOf(step)]; }
  });
  steps.splice(place, 0, step);
};
const remove = (place) => {
  const gone = doc.steps[place], below = doc.steps[place + 1];
  let led = false;
  reshape((steps) => {
    const id = idOf(gone), after = gone.exits ? null : gone.next ?? (gone.end ? [] : below ? [idOf(below)] : []);
    steps.splice(place, 1);
    if (after) {
      if (after.length === 0) steps.forEach((step) => {
        if (step.next?.length === 1 && step.next[0] === id) { delete step.next; step.end = gone.end ?? "finished"; }
        Object.values(step.exits ?? {}).forEach((way) => { if (way.to?.length === 1 && way.to[0] === id) { delete way.to; way.end = gone.end ?? "finished"; led = true; } });
      });
      retarget((goal) => { if (goal !== id) return [goal]; led = true; return after; });
    }
    steps.forEach((step) => put(step, "separation", (step.separation ?? []).map((rule) => ({ ...rule, not_same_as: rule.not_same_as.filter((goal) => goal !== id) })).filter((rule) => rule.not_same_as.length)));
    page.at = { row: Math.min(place, Math.max(0, steps.length - 1)), col: page.at.col };
  });
  say(led ? `${W.removed} ${W.redirected}` : W.removed);
};
const shift = (place, by) => {
  const other = place + by;
  if (other < 0 || other >= doc.steps.length) return;
  reshape((steps) => { [steps[place], steps[other]] = [steps[other], steps[place]]; page.at = { row: other, col: page.at.col }; });
  say(`${W.moved} ${doc.steps[other].no}`);
};

Object.assign(page, { reshape, insert, remove, shift });
