// Forms that need more: the grid of results, drafts, uploads with a bar. Loaded after app.js.
//   data-grid on a table; data-scan on a form; data-autosave="address" on a form (status in data-saved, made if missing)
//   data-upload on a form with files (bar: its progress; data-cancel); data-forget: drafts on this device are dropped when it is sent
"use strict";
(() => {
  const { $, all, on, words, say, clock, post, release } = window.sopan;

  // Grid of results: Enter goes down, Escape restores, a block from a spreadsheet fills cells
  const line = (el) => all("input:not([type=hidden]):not([readonly]), select", el);
  const cell = (input, down, right) => {
    const lines = all("[data-grid] tbody tr").filter((row) => row.closest("[data-grid]") === input.closest("[data-grid]"));
    const at = lines.indexOf(input.closest("tr")), place = line(lines[at]).indexOf(input);
    return lines[at + down] && line(lines[at + down])[place + right];
  };
  const gridKey = (event) => {
    const input = event.target;
    if (!input.closest?.("[data-grid]") || !input.matches("input, select")) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const next = cell(input, event.shiftKey ? -1 : 1, 0);
      next?.focus();
      next?.select?.();
    } else if (event.key === "Escape") {
      event.preventDefault();
      input.value = input.dataset.was ?? input.defaultValue;
    }
  };
  on("keydown", gridKey);
  // Scanners end with Enter: it goes to the next box and never sends the form
  on("keydown", (event) => {
    const input = event.target;
    if (event.key !== "Enter" || !input.closest?.("[data-scan]") || !input.matches("input")) return;
    event.preventDefault();
    const list = all("input:not([type=hidden])", input.closest("[data-scan]"));
    list[list.indexOf(input) + 1]?.focus();
  });
  on("focusin", (event) => { if (event.target.closest("[data-grid]")) event.target.dataset.was = event.target.value ?? ""; });
  on("paste", (event) => {
    const input = event.target, text = event.clipboardData?.getData("text/plain") ?? "";
    if (!input.closest?.("[data-grid]") || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    text.trimEnd().split(/\r?\n/).forEach((values, down) => values.split("\t").forEach((value, right) => {
      const target = cell(input, down, right);
      if (!target) return;
      target.value = value.trim();
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }));
  });

  // Drafts: saved without validation; kept on this device only while the line is down
  const entries = (form) => [...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && !["csrfmiddlewaretoken", "form_key"].includes(name) && !$(`[name="${CSS.escape(name)}"][type=password]`, form));
  const keyOf = (form) => `draft:${form.dataset.autosave}`;
  const stored = (write) => { try { return write(localStorage); } catch { return null; } };
  const status = (form, text, bad) => {
    let el = $("[data-saved]", form);
    if (!el) {
      el = Object.assign(document.createElement("p"), { className: "saved" });
      el.dataset.saved = "";
      el.setAttribute("role", "status");
      form.append(el);
    }
    el.classList.toggle("bad", Boolean(bad));
    el.textContent = text;
  };
  // One at a time: a slow older draft must not arrive after a newer one and take its place
  const save = async (form, extra) => {
    clearTimeout(form.timer);
    if (form.saving && !extra) return void (form.again = true);
    const body = new URLSearchParams(entries(form)), text = body.toString();
    if (text === form.lastSaved || form.dataset.sent) return;
    form.saving = true;
    try {
      const answer = await post(form.dataset.autosave, body, extra);
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      form.lastSaved = text;
      stored((store) => store.removeItem(keyOf(form)));
      status(form, `${words.saved} ${clock()}`);
    } catch {
      stored((store) => store.setItem(keyOf(form), JSON.stringify(entries(form))));
      status(form, words.unsaved, true);
      form.timer = setTimeout(() => save(form), 20000);
    }
    form.saving = false;
    if (form.again) { form.again = false; save(form); }
  };
  const restore = (form, kept) => {
    const values = {};
    kept.forEach(([name, value]) => { (values[name] ??= []).push(value); });
    all("[name]", form).forEach((el) => {
      const mine = values[el.name];
      if (!mine || el.type === "file" || el.type === "hidden") return;
      if (el.type === "checkbox" || el.type === "radio") el.checked = mine.includes(el.value);
      else el.value = mine.shift() ?? "";
    });
    save(form);
  };
  const offer = (form) => {
    const kept = stored((store) => JSON.parse(store.getItem(keyOf(form)) ?? "null"));
    if (!kept) return;
    const note = Object.assign(document.createElement("div"), { className: "note warn" });
    const button = (text, act) => {
      const el = Object.assign(document.createElement("button"), { type: "button", className: "btn s", textContent: text });
      el.onclick = () => { act(); stored((store) => store.removeItem(keyOf(form))); note.remove(); };
      return el;
    };
    const label = Object.assign(document.createElement("div"), { textContent: words.restore });
    note.append(label, button(words.yes, () => restore(form, kept)), button(words.no, () => {}));
    form.prepend(note);
  };
  on("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.autosave) return;
    clearTimeout(form.timer);
    form.timer = setTimeout(() => save(form), 2000);
  });
  on("focusout", (event) => { const form = event.target.form; if (form?.dataset.autosave && form.timer) save(form); });
  on("visibilitychange", () => {
    if (document.visibilityState === "hidden") all("form[data-autosave]").filter((f) => f.timer).forEach((f) => save(f, { keepalive: true }));
  });

  // Uploads: the page that answers takes the place of this one
  const upload = (form, submitter) => {
    const bar = $("progress", form) ?? form.appendChild(Object.assign(document.createElement("progress"), { className: "bar big" }));
    const request = new XMLHttpRequest(), cancel = $("[data-cancel]", form), body = new FormData(form, submitter);
    bar.hidden = false;
    bar.max = 1;
    bar.setAttribute("aria-label", words.uploading);
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onload = () => {
      history.replaceState(null, "", request.responseURL);
      document.open();
      document.write(request.responseText);
      document.close();
    };
    request.onerror = request.onabort = () => { bar.hidden = true; release(form); say(words.uploadFailed, true); };
    if (cancel) { cancel.hidden = false; cancel.onclick = () => request.abort(); }
    request.open("POST", submitter?.hasAttribute("formaction") ? submitter.formAction : form.action);
    request.send(body);
  };
  on("submit", (event) => {
    const form = event.target;
    clearTimeout(form.timer);
    if ("forget" in form.dataset) stored((store) => Object.keys(store).filter((key) => key.startsWith("draft:")).forEach((key) => store.removeItem(key)));
    if (event.defaultPrevented || !("upload" in form.dataset)) return;
    if (!all('input[type="file"]', form).some((input) => input.files.length)) return;
    event.preventDefault();
    upload(form, event.submitter);
  });

  const ready = (root) => all("form[data-autosave]", root).forEach((form) => {
    form.lastSaved = new URLSearchParams(entries(form)).toString();
    offer(form);
  });
  on("htmx:load", (event) => { if (event.detail.elt !== document.body) ready(event.detail.elt); });
  ready(document);
})();
