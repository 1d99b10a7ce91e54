// What the screens do beyond plain HTML. Everything here may fail to load: the pages still work.
// Behaviour is asked for by data attributes; words come from <template id="words">.
//   data-print; data-copy="text or #id"; data-open="id of a dialog"; data-close; data-focus; data-enables="id of a button"
//   data-bulk on what holds a table and its .bulk bar, with data-select-all, data-count, data-clear inside
//   data-keys on a list (rows: tr.r or data-row); data-key="a" or "s" on a form (sent) or a button (gets the focus)
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, handle, options) => document.addEventListener(type, handle, options);
  const meta = (name) => $(`meta[name="${name}"]`);
  const words = $("#words")?.dataset ?? {};
  const csrf = () => meta("csrf")?.content ?? "";
  const say = (text, bad = false) => {
    const live = $("#live");
    if (!live) return;
    live.className = bad ? "bad" : "";
    live.textContent = text;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { live.textContent = ""; }, 6000);
  };
  const clock = () => {
    const [hour, minute] = new Date().toLocaleTimeString("en-GB", { timeZone: words.tz }).split(":");
    return `${hour}${document.documentElement.lang === "en" ? ":" : "."}${minute} ${words.zone ?? ""}`;
  };
  const post = (url, body, extra = {}) =>
    fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf() }, credentials: "same-origin", ...extra });

  // Theme: the cookie is read by the server, so that the page never flashes
  const showTheme = () => {
    const theme = document.documentElement.dataset.theme ?? "";
    all("[data-theme-to]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeTo === theme)));
  };
  const chooseTheme = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
    showTheme();
  };

  // Clicks
  const copy = async (what) => {
    const text = what.startsWith("#") ? $(what)?.textContent.trim() : what;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(words.copied);
  };
  on("click", (event) => {
    const hit = (name) => event.target.closest(`[data-${name}]`);
    let el;
    if ((el = hit("theme-to"))) chooseTheme(el.dataset.themeTo);
    else if (hit("print")) window.print();
    else if ((el = hit("copy"))) copy(el.dataset.copy);
    else if (hit("close")) event.target.closest(".note").remove();
    else if ((el = hit("open"))) document.getElementById(el.dataset.open)?.showModal();
    else if (hit("stay")) stay();
    else if ((el = hit("clear"))) clearSelection(el.closest("[data-bulk]"));
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Selection of many rows
  const boxes = (root) => all('tbody input[type="checkbox"]', root).filter((box) => !box.disabled);
  const showSelection = (root) => {
    const every = boxes(root), chosen = every.filter((box) => box.checked);
    every.forEach((box) => box.closest("tr")?.classList.toggle("sel", box.checked));
    const bar = $(".bulk", root), top = $("[data-select-all]", root);
    if (bar) bar.hidden = chosen.length === 0;
    all("[data-count]", root).forEach((el) => { el.textContent = `${chosen.length} ${words.selected}`; });
    if (top) {
      top.checked = chosen.length > 0 && chosen.length === every.length;
      top.indeterminate = chosen.length > 0 && chosen.length < every.length;
    }
  };
  const clearSelection = (root) => { boxes(root).forEach((box) => { box.checked = false; }); showSelection(root); };
  on("change", (event) => {
    const box = event.target, root = box.closest?.("[data-bulk]");
    if (root && box.type === "checkbox") {
      if (box.matches("[data-select-all]")) boxes(root).forEach((each) => { each.checked = box.checked; });
      showSelection(root);
    }
    if (box.matches?.("[data-enables]")) {
      const target = document.getElementById(box.dataset.enables);
      if (target) target.disabled = !box.checked;
    }
    if (box.type === "file" && box.dataset.max) {
      const big = [...box.files].some((file) => file.size > Number(box.dataset.max));
      box.setCustomValidity(big ? words.tooBig : "");
      if (big) box.reportValidity();
    }
  });

  // Keyboard. Single letters only where the person has them switched on.
  const typing = (el) => el.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rows = () => all("[data-keys] tr.r, [data-keys] [data-row]").filter((row) => row.offsetParent);
  const move = (step) => {
    const list = rows();
    if (!list.length) return;
    const at = list.findIndex((row) => row.classList.contains("cur"));
    const next = list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + step))];
    list.forEach((row) => row.classList.toggle("cur", row === next));
    (next.querySelector("a") ?? next).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const act = (key, row) => {
    const target = (row && $(`[data-key="${key}"]`, row)) ?? $(`[data-key="${key}"]:not(tr *)`);
    if (!target) return false;
    if (target.tagName === "FORM") target.requestSubmit();
    else target.focus(); // a step is finished by pressing its button, never by a letter alone
    return true;
  };
  const press = (key) => {
    const row = $("[data-keys] .cur");
    if (key === "j" || key === "k") return move(key === "j" ? 1 : -1), true;
    if (key === "/") return $("#q")?.focus(), true;
    if (key === "?") return $("#keys")?.showModal(), true;
    if (key === "x" && row) return $('input[type="checkbox"]', row)?.click(), true;
    return "as".includes(key) && act(key, row);
  };
  on("focusin", (event) => {
    const row = event.target.closest("[data-keys] tr.r, [data-keys] [data-row]");
    if (row) rows().forEach((each) => each.classList.toggle("cur", each === row));
  });
  on("keydown", (event) => {
    if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
    if (event.defaultPrevented) return;
    if (document.body.dataset.keyboard !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || $("dialog[open]")) return;
    if (event.key.length === 1 && press(event.key.toLowerCase())) event.preventDefault();
  });

  // Sending: a second press does nothing here; the server checks too
  const release = (form) => { delete form.dataset.sent; all("button", form).forEach((b) => b.removeAttribute("aria-busy")); };
  window.sopan = { $, all, on, words, say, clock, post, release };
  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    clearTimeout(form.timer);
    if (!("upload" in form.dataset)) setTimeout(() => release(form), 15000); // an answer that is a download leaves the page in place
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));

  // End of the session
  const watch = (seconds) => {
    clearTimeout(watch.timer);
    watch.timer = setTimeout(() => $("#session-end")?.showModal(), Math.max(0, seconds - 120) * 1000);
  };
  const stay = async () => {
    const answer = await post(meta("session-seconds").dataset.keep).catch(() => null);
    if (!answer?.ok || answer.redirected) return say(words.unsaved, true);
    watch((await answer.json()).seconds);
    say(words.stayed);
  };

  // htmx, where it is loaded: the token, and answers to wrong input (422) are shown
  on("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });
  on("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) Object.assign(event.detail, { shouldSwap: true, isError: false });
  });
  on("htmx:sendError", () => say(words.unsaved, true));

  const ready = (root) => {
    all("[data-bulk]", root).forEach(showSelection);
    all("[data-close], [data-themes]", root).forEach((el) => { el.hidden = false; });
    all("[data-enables]", root).forEach((box) => { const el = document.getElementById(box.dataset.enables); if (el) el.disabled = !box.checked; });
    $("[data-focus]", root)?.focus();
    showTheme();
  };
  on("htmx:load", (event) => { if (event.detail.elt !== document.body) ready(event.detail.elt); });
  ready(document);
  const left = Number(meta("session-seconds")?.content ?? 0);
  if (left) watch(left);
})();
