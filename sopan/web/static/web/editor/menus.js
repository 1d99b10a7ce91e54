// Menus of rows, symbols and columns
import { $, all, W, el, copy } from "./dom.js";
import { doc, actorsOf, known, setKind, setActors } from "./content.js";
import { page } from "./page.js";

const closeMenu = (back = false) => { if (!page.floating) return; const { box, anchor } = page.floating; page.floating = null; box.remove(); if (back) anchor.focus(); };
const openMenu = (anchor, items) => {
  closeMenu();
  const box = el("div", { className: "pop float" }, ...items.filter(Boolean).map(([text, work, given = {}]) => {
    const item = el("button", { type: "button", className: "item", textContent: text, disabled: Boolean(given.disabled), onclick: () => { closeMenu(true); work(); } });
    item.setAttribute("role", "menuitem");
    return item;
  }));
  box.setAttribute("role", "menu");
  document.body.append(box);
  const rect = anchor.getBoundingClientRect(), height = box.offsetHeight;
  box.style.left = `${Math.max(8, Math.min(rect.left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${rect.bottom + height + 8 > innerHeight ? Math.max(8, rect.top - height - 4) : rect.bottom + 4}px`;
  box.onkeydown = (event) => {
    const list = all("button:not(:disabled)", box), now = list.indexOf(document.activeElement);
    if (["ArrowDown", "ArrowUp"].includes(event.key)) { event.preventDefault(); list[(now + (event.key === "ArrowDown" ? 1 : -1) + list.length) % list.length].focus(); }
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); closeMenu(true); }
    event.stopPropagation();
  };
  page.floating = { box, anchor };
  $("button:not(:disabled)", box)?.focus();
};
document.addEventListener("pointerdown", (event) => { if (page.floating && !page.floating.box.contains(event.target)) closeMenu(); });
const rowMenu = (anchor, row) => openMenu(anchor, [
  [W.details, () => { page.at.row = row; page.showStep(); page.openTab("step"); $("#s-name").focus(); }],
  [W.above, () => { page.insert(row); page.focusCell(row, "activity"); }], [W.insert, () => { page.insert(row + 1); page.focusCell(row + 1, "activity"); }],
  [W.up, () => page.shift(row, -1), { disabled: row === 0 }], [W.down, () => page.shift(row, 1), { disabled: row === doc.steps.length - 1 }],
  doc.steps[row].inferred && [W.allRight, () => { known(doc.steps[row], ...doc.steps[row].inferred); page.changed(); page.render(); }],
  [W.copy, () => { const { id, no, entry: _, ...rest } = copy(doc.steps[row]); delete rest.end; page.insert(row + 1, [rest]); }],
  [W.remove, () => { page.remove(row); page.focusCell(page.at.row, page.at.col); }],
]);
const symbolMenu = (anchor, row, id) => {
  const step = doc.steps[row], kind = (value) => () => { setKind(step, value); page.touched(row); page.focusCell(row, `a:${id}`); };
  const guessed = (step.inferred ?? []).some((key) => ["actor", "actors"].includes(key));
  openMenu(anchor, [
    guessed && [W.confirm, () => { known(step, "actor", "actors"); page.touched(row); page.focusCell(row, `a:${id}`); }],
    [`○ ${W.start}`, kind("start")], [`□ ${W.box}`, kind("")], [`◇ ${W.decision}`, kind("decision")], [`○ ${W.end}`, kind("end")],
    [W.clear, () => { setActors(step, actorsOf(step).filter((one) => one !== id)); page.touched(row); page.focusCell(row, `a:${id}`); }],
  ]);
};
const actorMenu = (anchor, id) => {
  const ids = Object.keys(doc.actors), now = ids.indexOf(id);
  openMenu(anchor, [
    [W.rename, () => { $("#columns").open = true; $(`[data-actor="${CSS.escape(id)}"] input`).select(); }],
    [W.left, () => page.moveActor(now, -1), { disabled: now === 0 }], [W.toRight, () => page.moveActor(now, 1), { disabled: now === ids.length - 1 }],
    [W.dropActor, () => page.dropActor(id)],
  ]);
};

Object.assign(page, { rowMenu, symbolMenu, actorMenu });
