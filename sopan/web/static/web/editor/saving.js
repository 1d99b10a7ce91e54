// Saving: one at a time; typing two seconds after the last key or when the cell is left, every other act at once
import { root, $, say, post, W, address, body } from "./dom.js";
import { replaceDoc, doc, tidy } from "./content.js";
import { page } from "./page.js";

const status = $("#saved"), kept = `konsep:${address.key}`;
const state = { edit: Number(address.edit), version: 0, sent: 0, queue: [], typed: false, busy: null, timer: 0, undo: Boolean(address.undo), redo: Boolean(address.redo) };
const stored = (work) => { try { return work(localStorage); } catch { return null; } };
const dirty = () => state.version !== state.sent;
const tell = (text, bad = false) => { status.textContent = text; status.classList.toggle("bad", bad); };
// Each act is an edit of its own, so that it can be undone alone; `queue` holds those that are not sent yet
const snap = () => { state.queue.push({ version: state.version, text: JSON.stringify(doc) }); state.queue.splice(0, state.queue.length - 40); state.typed = false; };
const changed = (typing = false) => {
  state.version += 1;
  if (typing) state.typed = true;
  else snap();
  if (!status.classList.contains("bad")) tell(W.changed);
  clearTimeout(state.timer);
  state.timer = setTimeout(save, typing ? 2000 : 20);
  page.look();
};
const arrived = (told) => {
  Object.assign(state, { edit: told.edit, undo: told.can_undo, redo: told.can_redo });
  tell(`${W.saved} ${told.at}`);
  stored((store) => store.removeItem(kept));
  $("#conflict").hidden = true;
  showUndo();
};
const ask = async (url, given, extra) => {
  const answer = await post(url, typeof given === "string" ? given : JSON.stringify(given), extra);
  if (answer.redirected || !answer.headers.get("content-type")?.includes("json")) throw new Error(String(answer.status));
  return { ok: answer.ok, told: await answer.json() };
};
const save = (extra) => (state.busy ? state.busy.then(() => save()) : (state.busy = saveNow(extra).finally(() => { state.busy = null; })));
const saveNow = async (extra) => {
  clearTimeout(state.timer);
  while (dirty() && $("#conflict").hidden) {
    const [first] = state.queue, one = first ?? { version: state.version, text: JSON.stringify(doc) };
    tell(W.saving, status.classList.contains("bad"));
    try {
      const { ok, told } = await ask(address.saveUrl, `{"edit": ${state.edit}, "content": ${one.text}}`, extra);
      if (!ok) return refuse(told);
      state.sent = one.version;
      if (state.queue[0] === first) state.queue.shift();
      arrived(told);
      $("#title").textContent = doc.identity.name || $("#title").textContent;
      if (!state.queue.length && state.typed) { state.timer = setTimeout(save, 2000); return; }
    } catch {
      stored((store) => store.setItem(kept, JSON.stringify({ doc })));
      tell(W.failed, true);
      state.timer = setTimeout(save, 20000);
      return;
    }
  }
};
const flush = async () => { if (state.typed) snap(); await save(); if (dirty() && !status.classList.contains("bad")) await save(); };
const refuse = (told) => {
  tell(told.message, true);
  stored((store) => store.setItem(kept, JSON.stringify({ doc })));
  if (told.code !== "stale") return;
  const box = $("#conflict");
  $("[data-who]", box).textContent = told.message;
  box.hidden = false;
  const goOn = () => { box.hidden = true; state.edit = told.edit; state.queue = []; state.typed = false; return save(); };
  $("[data-mine]", box).onclick = goOn;
  $("[data-theirs]", box).onclick = async () => { await goOn(); await travel("undo"); };
  $("[data-mine]", box).focus();
};
const travel = async (way) => {
  await flush();
  if (dirty()) return;
  try {
    const { ok, told } = await ask(way === "undo" ? address.undoUrl : address.redoUrl, { edit: state.edit });
    if (!ok) return told.code === "stale" ? refuse(told) : say(told.message);
    replaceDoc(told.content);
    tidy();
    arrived(told);
    page.keep(told);
    page.showIdentity();
    page.render();
    page.show(told);
    page.focusCell(Math.min(page.at.row, doc.steps.length - 1), page.at.col);
    say(way === "undo" ? W.undone : W.redone);
  } catch { tell(W.failed, true); }
};
const showUndo = () => { $("#undo").disabled = !state.undo && !dirty(); $("#redo").disabled = !state.redo; };

root.addEventListener("focusin", (event) => { if (event.target.value !== undefined) event.target.dataset.was ??= event.target.value; });
root.addEventListener("focusout", (event) => { if (body.contains(event.target)) return; delete event.target.dataset?.was; if (state.typed) { snap(); save(); } });

Object.assign(page, { kept, state, stored, dirty, tell, snap, changed, ask, save, flush, travel, showUndo });
