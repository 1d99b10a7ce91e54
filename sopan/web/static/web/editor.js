// The editor of a revision: a table as people know it from Word and Excel, with the drawing in its actor columns.
// The content (file format of procedures) lives in `doc`; the server draws it, finds its problems, keeps every save as an
// edit that can be undone, and plays it. Words come from <template id="editor-words">. Without this script the page has a
// plain form. Parts: content, rows, saving, looking, table, cells, keys, paste, panel, columns, try-out, beginning.
"use strict";
(() => {
  const root = document.getElementById("editor");
  if (!root || !window.sopan) return;
  const { $, all, say, post } = window.sopan;
  const W = $("#editor-words").dataset, address = root.dataset;
  const [DOTS, CROSS, LEFT, RIGHT, STOP, WARN] = [...$("#icons").content.children];
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const el = (name, given = {}, ...children) => {
    const node = Object.assign(document.createElement(name), given);
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };
  const labelled = (node, label) => { node.setAttribute("aria-label", label); return node; };
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const put = (holder, key, value) => { if (value === "" || value === false || value?.length === 0) delete holder[key]; else holder[key] = value; };

  let doc = read("content"), looked = read("answer"), acts = [], entry = "";
  let at = { row: 0, col: "activity" };  // the cell that was last in focus
  const sheet = $("#sheet"), body = $("tbody", sheet), pictures = new WeakMap();

  // Content -----------------------------------------------------------------------------------------------------------
  const ENDS = { finished: W.finished, rejected: W.rejected, withdrawn: W.withdrawn };
  const TEXTS = ["no", "activity", "requirements", "time", "outputs", "remarks"];
  const LISTS = ["requirements", "outputs"];
  const GUESSED = { exits: "next", end: "next", actors: "actor" };
  const idOf = (step) => step.id || step.no || "";
  const actorsOf = (step) => step.actors ?? (step.actor ? [step.actor] : []);
  const textOf = (item) => (typeof item === "string" ? item : item.text ?? "");
  const numberOf = (id) => doc.steps.find((step) => idOf(step) === id)?.no || id;
  const columns = () => ["no", "activity", ...Object.keys(doc.actors).map((id) => `a:${id}`), "next", "requirements", "time", "outputs", "remarks"];
  const valueOf = (step, key) => (LISTS.includes(key) ? (step[key] ?? []).map(textOf).join("\n") : step[key] ?? "");
  const known = (step, ...keys) => put(step, "inferred", (step.inferred ?? []).filter((key) => !keys.includes(key)));
  const setText = (step, key, text) => {
    if (!LISTS.includes(key)) put(step, key, text);
    else {
      const rich = new Map((step[key] ?? []).filter((item) => typeof item !== "string").map((item) => [item.text, item]));
      put(step, key, text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => rich.get(line) ?? line));
    }
    known(step, key);
  };
  const idsFromNumbers = (text) => text.split(/,| dan /).map((one) => one.trim()).filter(Boolean)
    .map((one) => idOf(doc.steps.find((step) => step.no === one) ?? { id: one }));
  const goalOf = (text) => {
    const end = Object.keys(ENDS).find((key) => ENDS[key] === text.trim().toLowerCase());
    if (end) return { end };
    const to = idsFromNumbers(text);
    return to.length ? { to } : {};
  };
  const goalText = (to = [], end = "") => to.map(numberOf).join(", ") || (ENDS[end] ?? "");
  const setFollow = (step, text) => {
    const goal = goalOf(text);
    delete step.next; delete step.end;
    if (goal.end) step.end = goal.end;
    else if (goal.to) step.next = goal.to;
    else if (step === doc.steps.at(-1)) step.end = "finished";
    known(step, "next", "end");
  };
  const setKind = (step, kind) => {
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
  const tidy = () => doc.steps.forEach((step, place) => {
    const below = doc.steps[place + 1];
    if (below && step.next?.length === 1 && step.next[0] === idOf(below)) delete step.next;
  });

  // Rows: goals stay right when rows come, go and move ------------------------------------------------------------------
  const retarget = (change) => doc.steps.forEach((step) => {
    const goals = (list) => [...new Set(list.flatMap(change))];
    if (step.next) put(step, "next", goals(step.next));
    Object.values(step.exits ?? {}).forEach((way) => { if (way.to) way.to = goals(way.to); });
    (step.separation ?? []).forEach((rule) => { rule.not_same_as = goals(rule.not_same_as ?? []); });
  });
  const sequential = () => doc.steps.every((step, place) => step.no === String(place + 1));
  const freshName = (before) => {
    let no = before?.no ? `${before.no}a` : "1";
    while (doc.steps.some((step) => step.no === no || idOf(step) === no)) no += "a";
    return address.keepsIds ? { no, id: freshId() } : { no };
  };
  const freshId = () => { let n = doc.steps.length + 1; while (doc.steps.some((step) => idOf(step) === `b${n}`)) n += 1; return `b${n}`; };
  const renumber = () => {
    const before = doc.steps.map(idOf), keeps = Boolean(address.keepsIds);
    doc.steps.forEach((step, place) => { step.no = String(place + 1); if (keeps) step.id = before[place]; else delete step.id; });
    if (keeps) doc.steps.forEach((step) => { if (step.id === step.no) delete step.id; });
    else retarget((id) => (before.includes(id) ? String(before.indexOf(id) + 1) : id));
  };
  const setNumber = (step, text) => {
    const old = idOf(step), free = !doc.steps.some((other) => other !== step && idOf(other) === text);
    step.no = text;
    known(step, "no");
    if (address.keepsIds || !free || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(text)) step.id = old || freshId();
    else { delete step.id; retarget((id) => (id === old ? text : id)); }
    if (step.id === step.no) delete step.id;
  };
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
    changed();
    render();
  };
  const insert = (place, rows = [{}]) => reshape((steps) => {
    rows.forEach((row, n) => insertOne(steps, place + n, row));
    at = { row: place, col: at.col === "no" ? "activity" : at.col };
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
      at = { row: Math.min(place, Math.max(0, steps.length - 1)), col: at.col };
    });
    say(led ? `${W.removed} ${W.redirected}` : W.removed);
  };
  const shift = (place, by) => {
    const other = place + by;
    if (other < 0 || other >= doc.steps.length) return;
    reshape((steps) => { [steps[place], steps[other]] = [steps[other], steps[place]]; at = { row: other, col: at.col }; });
    say(`${W.moved} ${doc.steps[other].no}`);
  };

  // Saving: one at a time; typing two seconds after the last key or when the cell is left, every other act at once ----------
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
    look();
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
      doc = told.content;
      tidy();
      arrived(told);
      keep(told);
      showIdentity();
      render();
      show(told);
      focusCell(Math.min(at.row, doc.steps.length - 1), at.col);
      say(way === "undo" ? W.undone : W.redone);
    } catch { tell(W.failed, true); }
  };
  const showUndo = () => { $("#undo").disabled = !state.undo && !dirty(); $("#redo").disabled = !state.redo; };

  // Looking: drawing, times and problems of what is on the screen ---------------------------------------------------------
  let asked = 0, lookTimer = 0;
  const trying = () => !$("#panel-try").hidden;
  const look = (delay = 250) => { clearTimeout(lookTimer); lookTimer = setTimeout(lookNow, delay); showUndo(); };
  const lookNow = async () => {
    const mine = (asked += 1), version = state.version, tried = trying();
    try {
      const { ok, told } = await ask(tried ? address.tryUrl : address.inspectUrl, tried ? { content: doc, acts, entry } : { content: doc });
      if (mine !== asked || version !== state.version) return;
      if (ok) show(told);
      else tell(told.message, true);
    } catch { /* the next change asks again; saving tells that the line is down */ }
  };
  const keep = (told) => {
    looked = told;
    if (told.rows) doc.steps.forEach((step, place) => pictures.set(step, told.rows[place]));
  };
  const show = (told) => {
    keep(told);
    if (told.html !== undefined) { $("#trial").innerHTML = told.html; acts = told.acts; }
    $("#drawing-note").hidden = Boolean(told.rows);
    sheet.classList.toggle("old", !told.rows);
    showDrawing(true);
    showFaults();
    if (told.html !== undefined) $("tr.now", body)?.scrollIntoView({ block: "nearest" });
  };

  // Table ---------------------------------------------------------------------------------------------------------------
  const WIDTHS = { no: 64, activity: 256, next: 132, requirements: 150, time: 104, outputs: 140, remarks: 130 };
  const SHARES = { activity: 0.4, requirements: 0.25, outputs: 0.2, remarks: 0.15 };  // of the room that is left
  const actorWidths = () => Object.keys(doc.actors).map((_, place) => Math.max(44, (looked.widths ?? [])[place] ?? 60));
  const kindWord = (step) => ({ start: W.start, decision: W.decision, end: W.end })[step.kind] ?? W.box;
  const shapeOf = (step) => ({ start: "capsule", decision: "diamond", end: "capsule" })[step.kind] ?? "box";
  const render = () => {
    const focused = sheet.contains(document.activeElement);
    heads();
    body.replaceChildren(...doc.steps.map(rowOf));
    showDrawing(false);
    showFaults();
    showColumns();
    showStep();
    $("#time-unit").value = doc.time_unit ?? "";
    if (focused) focusCell(at.row, at.col);
    fitAll();
  };
  const heads = () => {
    const th = (text, given = {}) => el("th", { scope: "col", textContent: text, ...given });
    const actors = Object.entries(doc.actors).map(([id, actor]) => {
      const button = labelled(el("button", { type: "button", className: "actor-head", onclick: (event) => actorMenu(event.currentTarget, id) }, el("span", { textContent: actor.name || "–" })), `${actor.name || "–"}: ${W.actorMenu}`);
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
    const menu = labelled(el("button", { type: "button", className: "row-menu", tabIndex: -1, onclick: (event) => rowMenu(event.currentTarget, place) }, DOTS.cloneNode(true)), `${W.menu} ${step.no ?? ""}`);
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
      const button = el("button", { type: "button", className: "guess", tabIndex: -1, title: W.right, onclick: () => { known(step, ...keys); changed(); render(); } }, `${word.toLowerCase()} `, el("b", { textContent: W.right }));
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
      if (fresh && looked.rows) row.classList.remove("stale");
      const height = Number(flow.firstChild?.getAttribute?.("height") ?? 0);
      flow.parentElement.style.height = `${Math.max(44, height)}px`;
      const meaning = $(".meaning", row), stands = looked.states?.[idOf(step)] ?? "";
      meaning.textContent = looked.times?.[place] ?? "";
      for (const one of ["now", "done"]) row.classList.toggle(one, trying() && stands === one);
    });
  };
  const fit = (area) => { if (!CSS.supports("field-sizing", "content")) { area.style.height = "auto"; area.style.height = `${area.scrollHeight}px`; } };
  const fitAll = () => all("textarea.cell", body).forEach(fit);

  // Problems, where they are ------------------------------------------------------------------------------------------------
  const cellsOf = (fault) => {
    const row = $(`tr[data-row="${fault.place}"]`, body);
    if (!row) return [];
    if (fault.cell === "actor") return all("td.a", row);
    const input = $(`[data-col="${fault.cell}"]`, row) ?? $('[data-col="no"]', row);
    return [input.closest("td")];
  };
  const showFaults = () => {
    all(".err, .doubt", sheet).forEach((cell) => { cell.classList.remove("err", "doubt"); cell.removeAttribute("title"); });
    for (const fault of [...looked.faults].reverse()) cellsOf(fault).forEach((cell) => {
      cell.classList.remove("err", "doubt");
      cell.classList.add(fault.error ? "err" : "doubt");
      cell.title = `${fault.what} ${fault.fix}`;
    });
    const errors = looked.faults.filter((fault) => fault.error).length, count = $("#fault-count");
    count.textContent = String(looked.faults.length);
    count.classList.toggle("bad", errors > 0);
    showGuesses();
    all("[data-faults]", root).forEach((chip) => {
      const here = looked.faults.filter((fault) => fault.place === Number(chip.dataset.faults));
      chip.hidden = !here.length;
      chip.textContent = `${here.length} ${W.errors}`;
    });
    $("#faults").replaceChildren(...looked.faults.map((fault) => el("li", {}, faultButton(fault))));
    $("#no-faults").hidden = looked.faults.length > 0;
    showStepFaults();
  };
  const showGuesses = () => {
    const count = doc.steps.reduce((sum, step) => sum + (step.inferred ?? []).length, 0);
    $("#next-guess").hidden = !count;
    $("#next-guess").textContent = `${count} ${W.still}`;
  };
  $("#next-guess").onclick = () => {
    const every = all(".guess", body), next = every.find((one) => place(one) > at.row) ?? every[0];
    if (!next) return;
    at = { row: place(next), col: "activity" };
    showStep();
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
      if (["separation", "fields"].includes(fault.cell)) { focusCell(fault.place, "activity"); openTab("step"); return $(fault.cell === "fields" ? "#add-field" : "#s-apart").focus(); }
      return focusCell(fault.place, fault.cell === "actor" ? `a:${chosen}` : columns().includes(fault.cell) ? fault.cell : "no");
    }
    if (fault.cell === "steps") return $("#add-row").focus();
    if (fault.place === -3) { const row = fault.what.includes(W.end) ? doc.steps.length - 1 : 0; return focusCell(row, `a:${actorsOf(doc.steps[row])[0] ?? Object.keys(doc.actors)[0]}`); }
    const block = $(fault.place === -2 ? "#columns" : "#identity");
    block.open = true;
    ($(`[data-identity="${CSS.escape(fault.cell)}"]`, block) ?? $(`[data-actor="${CSS.escape(fault.cell)}"] input`, block) ?? $("input, button", block)).focus();
  };

  // Cells: typing, choosing -----------------------------------------------------------------------------------------------------
  const place = (node) => { const row = node.closest?.("tr[data-row]"); return row && body.contains(row) ? Number(row.dataset.row) : -1; };
  const focusCell = (row, col) => {
    const line = $(`tr[data-row="${Math.max(0, row)}"]`, body), target = line && ($(`[data-col="${CSS.escape(col)}"]`, line) ?? $('[data-col="activity"]', line));
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return target;
  };
  const leave = (cell) => {  // what is understood only when the cell is left
    const step = doc.steps[place(cell)];
    if (!step || cell.value === undefined || cell.value === cell.dataset.was) return;
    if (cell.dataset.col === "no") setNumber(step, cell.value.trim());
    else if (cell.dataset.answer) {
      const way = step.exits[cell.dataset.answer], goal = goalOf(cell.value);
      delete way.to; delete way.end;
      Object.assign(way, goal);
      known(step, "exits");
    } else if (cell.dataset.col === "next") setFollow(step, cell.value);
    else return;
    cell.dataset.was = cell.value;
    tidy();
    changed();
    render();
  };
  body.addEventListener("input", (event) => {
    const cell = event.target, step = doc.steps[place(cell)], key = cell.dataset.col;
    if (!step || !TEXTS.includes(key) || key === "no") return;
    setText(step, key, cell.value);
    if (key === "requirements") showStep();
    $(".guesses", cell.closest("tr"))?.replaceWith(guesses(step));
    fit(cell);
    changed(true);
  });
  body.addEventListener("focusin", (event) => {
    const cell = event.target, row = place(cell);
    if (row < 0 || !cell.dataset.col) return;
    cell.dataset.was = cell.value ?? "";
    const moved = row !== at.row;
    at = { row, col: cell.dataset.col };
    all("tr.cur", body).forEach((one) => one.classList.remove("cur"));
    cell.closest("tr").classList.add("cur");
    if (moved || !$("#step-title").textContent) showStep();
  });
  body.addEventListener("focusout", (event) => {
    if (event.target.dataset.col) setTimeout(() => leave(event.target));  // when the next cell has the focus
    if (state.typed) { snap(); clearTimeout(state.timer); state.timer = setTimeout(save, 20); }
  });
  const choose = (row, id, also = false) => {
    const step = doc.steps[row], chosen = actorsOf(step);
    const next = also ? (chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]) : [id];
    setActors(step, next);
    at = { row, col: `a:${id}` };
    touched(row);
  };
  const setActors = (step, ids) => {
    delete step.actor; delete step.actors;
    if (ids.length === 1) [step.actor] = ids;
    else if (ids.length) step.actors = ids;
    if (ids.length < 2) delete step.participation;
    known(step, "actor", "actors");
  };
  const touched = (row) => { changed(); render(); const line = $(`tr[data-row="${row}"]`, body); line?.classList.add("stale"); };
  body.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell.symbol");
    if (!cell) return;
    const row = place(cell), id = cell.dataset.col.slice(2), mine = cell.getAttribute("aria-pressed") === "true";
    if (mine) symbolMenu(cell, row, id);
    else choose(row, id, event.ctrlKey || event.shiftKey || event.metaKey);
    if (!mine) focusCell(row, `a:${id}`);
  });

  // Menus of rows, symbols and columns ---------------------------------------------------------------------------------------------
  let floating = null;
  const closeMenu = (back = false) => { if (!floating) return; const { box, anchor } = floating; floating = null; box.remove(); if (back) anchor.focus(); };
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
    floating = { box, anchor };
    $("button:not(:disabled)", box)?.focus();
  };
  document.addEventListener("pointerdown", (event) => { if (floating && !floating.box.contains(event.target)) closeMenu(); });
  const rowMenu = (anchor, row) => openMenu(anchor, [
    [W.details, () => { at.row = row; showStep(); openTab("step"); $("#s-name").focus(); }],
    [W.above, () => { insert(row); focusCell(row, "activity"); }], [W.insert, () => { insert(row + 1); focusCell(row + 1, "activity"); }],
    [W.up, () => shift(row, -1), { disabled: row === 0 }], [W.down, () => shift(row, 1), { disabled: row === doc.steps.length - 1 }],
    doc.steps[row].inferred && [W.allRight, () => { known(doc.steps[row], ...doc.steps[row].inferred); changed(); render(); }],
    [W.copy, () => { const { id, no, entry: _, ...rest } = copy(doc.steps[row]); delete rest.end; insert(row + 1, [rest]); }],
    [W.remove, () => { remove(row); focusCell(at.row, at.col); }],
  ]);
  const symbolMenu = (anchor, row, id) => {
    const step = doc.steps[row], kind = (value) => () => { setKind(step, value); touched(row); focusCell(row, `a:${id}`); };
    const guessed = (step.inferred ?? []).some((key) => ["actor", "actors"].includes(key));
    openMenu(anchor, [
      guessed && [W.confirm, () => { known(step, "actor", "actors"); touched(row); focusCell(row, `a:${id}`); }],
      [`○ ${W.start}`, kind("start")], [`□ ${W.box}`, kind("")], [`◇ ${W.decision}`, kind("decision")], [`○ ${W.end}`, kind("end")],
      [W.clear, () => { setActors(step, actorsOf(step).filter((one) => one !== id)); touched(row); focusCell(row, `a:${id}`); }],
    ]);
  };
  const actorMenu = (anchor, id) => {
    const ids = Object.keys(doc.actors), now = ids.indexOf(id);
    openMenu(anchor, [
      [W.rename, () => { $("#columns").open = true; $(`[data-actor="${CSS.escape(id)}"] input`).select(); }],
      [W.left, () => moveActor(now, -1), { disabled: now === 0 }], [W.toRight, () => moveActor(now, 1), { disabled: now === ids.length - 1 }],
      [W.dropActor, () => dropActor(id)],
    ]);
  };

  // Keys ------------------------------------------------------------------------------------------------------------------------------
  const move = (row, col, down, right) => {
    const every = columns(), next = every[every.indexOf(col) + right];
    if (row + down < 0 || row + down >= doc.steps.length || (right && !next)) return false;
    const target = focusCell(row + down, right ? next : col);
    if (target?.setSelectionRange) target.setSelectionRange(right > 0 ? 0 : target.value.length, right > 0 ? 0 : target.value.length);
    return Boolean(target);
  };
  const arrow = (event, cell, row, col) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || event.shiftKey || event.ctrlKey || event.metaKey) return false;
    if (cell.matches("input, textarea")) {
      const { selectionStart: from, selectionEnd: to, value } = cell;
      const single = !value.includes("\n") && cell.scrollHeight < 40;
      const edge = { ArrowUp: single || to === 0, ArrowDown: single || from === value.length, ArrowLeft: to === 0, ArrowRight: from === value.length }[event.key];
      if (!edge) return false;
    }
    return move(row, col, ...step);
  };
  const symbolKey = (event, row, id) => {
    const step = doc.steps[row], kinds = { m: "start", k: "", p: "decision", s: "end" }, key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (key === " " || key === "enter") {
      if (!actorsOf(step).includes(id)) choose(row, id);
      else symbolMenu(event.target, row, id);
      if (!floating) focusCell(row, `a:${id}`);
      return true;
    }
    if (key === "+") choose(row, id, true);
    else if (key === "delete" || key === "backspace") { setActors(step, actorsOf(step).filter((one) => one !== id)); touched(row); }
    else if (key in kinds) { if (!actorsOf(step).includes(id)) setActors(step, [id]); setKind(step, kinds[key]); touched(row); }
    else if (key === "b" && step.inferred) { known(step, "actor", "actors", "kind"); touched(row); }
    else return false;
    focusCell(row, `a:${id}`);
    return true;
  };
  const enter = (event, cell, row, col) => {
    if (event.shiftKey) return false;
    leave(cell);
    if (event.ctrlKey || event.metaKey) { insert(row + 1); focusCell(row + 1, "activity"); }
    else if (row === doc.steps.length - 1) { insert(row + 1); focusCell(row + 1, col === "no" ? "activity" : col); }
    else move(row, col, 1, 0);
    return true;
  };
  const cellKey = (event) => {
    const cell = event.target, row = place(cell), col = cell.dataset?.col;
    if (row < 0 || !col) return false;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) { leave(cell); shift(row, event.key === "ArrowUp" ? -1 : 1); focusCell(at.row, col); return true; }
    if (event.altKey && event.key === "Delete") { remove(row); focusCell(at.row, col); return true; }
    if (event.altKey && event.key === "Enter") { leave(cell); openTab("step"); $("#s-name").focus(); return true; }
    if (event.key === "Escape" && cell.value !== undefined && cell.value !== cell.dataset.was) {
      cell.value = cell.dataset.was;
      cell.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    }
    if (arrow(event, cell, row, col)) return true;
    if (col.startsWith("a:")) return symbolKey(event, row, col.slice(2));
    return event.key === "Enter" && !event.altKey && enter(event, cell, row, col);
  };
  body.addEventListener("keydown", (event) => { if (!event.isComposing && cellKey(event)) { event.preventDefault(); event.stopPropagation(); } });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, textarea, select"), key = event.key.toLowerCase();
    const help = event.key === "F1" || (event.key === "?" && !typing && document.body.dataset.keyboard === "on");
    if (help && !$("dialog[open]")) { event.preventDefault(); $("#editor-keys").showModal(); }
    if (event.altKey && event.key === "Enter" && $("#panel").contains(event.target)) { event.preventDefault(); focusCell(at.row, at.col); }
    if (!(event.ctrlKey || event.metaKey) || event.altKey || $("dialog[open]")) return;
    if (key !== "z" && key !== "y") return;
    const back = key === "z" && !event.shiftKey;
    if (back && typing && event.target.dataset.was !== undefined && event.target.value !== event.target.dataset.was) return;  // the cell's own undo first
    event.preventDefault();
    travel(back ? "undo" : "redo");
  }, true);

  // Paste a table from Word or Excel ------------------------------------------------------------------------------------------------
  const HEADS = [["no", /^no(mor|\.)?$/i], ["activity", /kegiatan|uraian|aktivitas/i], ["requirements", /kelengkapan|persyaratan|perlengkapan/i], ["time", /waktu/i], ["outputs", /output|hasil/i], ["remarks", /^ket/i], ["", /pelaksana|mutu baku/i]];
  const lines = (cell) => {
    all("br", cell).forEach((br) => br.replaceWith("\n"));
    all("p, li, div", cell).forEach((block) => block.append("\n"));
    return cell.textContent.replace(/[ \t\u00a0]+/g, " ").split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
  };
  const fromHtml = (html) => {
    const quiet = html.replace(/\son[a-z]+\s*=/gi, " data-off=");  // handlers never run; this keeps the policy from complaining
    const table = html && $("table", new DOMParser().parseFromString(quiet, "text/html"));
    if (!table) return null;
    const grid = [], rows = [...table.rows].slice(0, 500);
    rows.forEach((row, r) => {
      grid[r] ??= [];
      let c = 0;
      for (const cell of row.cells) {
        while (grid[r][c] !== undefined) c += 1;
        const text = lines(cell), wide = Math.min(cell.colSpan, 60), high = Math.min(cell.rowSpan, rows.length - r);
        for (let down = 0; down < high; down += 1) for (let right = 0; right < wide; right += 1) (grid[r + down] ??= [])[c + right] = down || right ? "" : text;
      }
    });
    return grid.map((row) => Array.from(row, (text) => text ?? ""));
  };
  const fromText = (text) => text.replace(/\r/g, "").trimEnd().split("\n").slice(0, 500).map((line) => line.split("\t"));
  const pasteTable = (grid, head) => {
    const labels = grid[0].map((_, c) => grid.slice(head, head + 2).map((row) => row[c] ?? "").filter(Boolean));
    const second = HEADS.some(([key, pattern]) => ["time", "requirements"].includes(key) && (grid[head + 1] ?? []).some((text) => pattern.test(text) && text.length < 40));
    const keys = labels.map((texts) => {
      const told = texts.slice(0, second ? 2 : 1).reverse();
      for (const text of told) { const found = HEADS.find(([, pattern]) => pattern.test(text)); if (found?.[0]) return found[0]; }
      return told.find((text) => !HEADS.some(([, pattern]) => pattern.test(text))) ? { actor: told.find((text) => !HEADS.some(([, pattern]) => pattern.test(text))) } : "";
    });
    keys.forEach((key) => { if (key.actor) key.id = Object.keys(doc.actors).find((id) => doc.actors[id].name?.toLowerCase() === key.actor.toLowerCase()) ?? addActor(key.actor); });
    const body_ = grid.slice(head + (second ? 2 : 1)), rows = [];
    body_.forEach((texts) => {
      const step = {}, chosen = [];
      keys.forEach((key, c) => { const text = (texts[c] ?? "").trim(); if (!text) return; if (key.id) chosen.push(key.id); else if (key && key !== "no") setText(step, key, text); });
      if (!step.activity || /^[\d\s.]+$/.test(step.activity)) return;
      setActors(step, chosen);
      rows.push(step);
    });
    return rows;
  };
  const emptyRow = (step) => !step.activity && !actorsOf(step).length;
  body.addEventListener("paste", (event) => {
    const row = place(event.target), col = event.target.dataset?.col;
    if (row < 0 || !event.clipboardData) return;
    const grid = fromHtml(event.clipboardData.getData("text/html")) ?? fromText(event.clipboardData.getData("text/plain"));
    const wide = Math.max(...grid.map((line) => line.length));
    if (wide < 2 && (grid.length < 2 || col === "activity" || event.target.value)) return;  // plain text goes into the cell
    event.preventDefault();
    const head = grid.slice(0, 3).findIndex((line) => line.length > 2 && line.some((text) => HEADS[1][1].test(text) && text.length < 40));
    if (head >= 0) {
      const rows = pasteTable(grid, head), lone = doc.steps.length === 1 && emptyRow(doc.steps[0]);
      if (lone && rows.length) doc.steps.length = 0;
      if (rows.length) insert(lone ? 0 : row + 1, rows);
      return say(`${rows.length} ${W.pasted}`);
    }
    const keys = TEXTS.slice(TEXTS.includes(col) ? TEXTS.indexOf(col) : 1);
    reshape((steps) => grid.forEach((line, n) => {
      if (!steps[row + n]) steps.push(freshName(steps.at(-1)));
      line.forEach((text, c) => { if (!keys[c]) return; if (keys[c] === "no") { if (text.trim()) setNumber(steps[row + n], text.trim()); } else setText(steps[row + n], keys[c], text.trim()); });
    }));
    focusCell(row, col);
    say(`${grid.length} ${W.pasted}`);
  });

  // Panel: the step in focus -----------------------------------------------------------------------------------------------------------
  const current = () => doc.steps[Math.min(at.row, doc.steps.length - 1)];
  const edited = (again = true) => { changed(); if (again) setTimeout(render); };  // when the next field has the focus
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
  const showStepFaults = () => $("#step-faults").replaceChildren(...looked.faults.filter((fault) => fault.place === doc.steps.indexOf(current())).map(faultButton));
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
  const plainId = (text, taken, first) => {
    let base = text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 32) || first, id = base = /^[a-z]/.test(base) ? base : `${first}_${base}`, n = 2;
    while (taken.includes(id)) { id = `${base}_${n}`; n += 1; }
    return id;
  };
  const fieldId = (step, text) => plainId(text, (step.fields ?? []).map((one) => one.id), "isian");
  $("#panel-step").addEventListener("input", (event) => {
    const input = event.target, key = input.dataset.step;
    if (!key) return;
    put(current(), key, input.type === "checkbox" ? input.checked : input.value);
    changed(input.type !== "checkbox" && input.tagName !== "SELECT");
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
    const was = trying();
    TABS.forEach((one) => { const tab = $(`#tab-${one}`); tab.setAttribute("aria-selected", String(one === name)); tab.tabIndex = one === name ? 0 : -1; $(`#panel-${one}`).hidden = one !== name; });
    if (name === "try") look(0);
    else if (was) { looked = { ...looked, states: undefined }; look(0); }
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
    showDrawing(false);
    fitAll();
    stored((store) => store.setItem("konsep-panel", open ? "1" : "0"));
  };
  $("#panel-toggle").onclick = () => showPanel($("#panel").hidden);

  // Columns and identity -----------------------------------------------------------------------------------------------------------------
  const addActor = (name) => { const id = plainId(name, Object.keys(doc.actors), "pelaksana"); doc.actors[id] = { name }; return id; };
  const moveActor = (now, by) => {
    const entries = Object.entries(doc.actors);
    [entries[now], entries[now + by]] = [entries[now + by], entries[now]];
    doc.actors = Object.fromEntries(entries);
    edited();
  };
  const dropActor = (id) => {
    if (doc.steps.some((step) => actorsOf(step).includes(id)) && !confirm(W.dropQuestion)) return;
    delete doc.actors[id];
    doc.steps.forEach((step) => { if (actorsOf(step).includes(id)) setActors(step, actorsOf(step).filter((one) => one !== id)); });
    edited();
  };
  const showColumns = () => {
    const ids = Object.keys(doc.actors), list = $("#actors");
    $("#actor-count").textContent = String(ids.length);
    if (list.contains(document.activeElement) && document.activeElement.matches("input") && list.children.length === ids.length) return;
    list.replaceChildren(...ids.map((id, n) => {
      const actor = doc.actors[id];
      const name = labelled(el("input", { className: "in-t", value: actor.name ?? "", maxLength: 120, oninput: (event) => { actor.name = event.target.value; $(`thead tr:last-child th:nth-child(${n + 1}) span`, sheet).textContent = actor.name || "–"; changed(true); } }), `${W.actorName} ${n + 1}`);
      const kind = labelled(el("select", { className: "in-t", onchange: (event) => { put(actor, "kind", event.target.value); changed(); } }, $("#actor-kinds").content.cloneNode(true)), `${W.actorKind}: ${actor.name}`);
      kind.value = actor.kind === "staff" ? "" : actor.kind ?? "";
      const button = (icon, text, work, disabled) => labelled(el("button", { type: "button", className: "btn s i q", disabled, onclick: work }, icon.cloneNode(true)), `${text}: ${actor.name}`);
      const line = el("li", {}, name, kind, button(LEFT, W.left, () => moveActor(n, -1), n === 0), button(RIGHT, W.toRight, () => moveActor(n, 1), n === ids.length - 1), button(CROSS, W.dropActor, () => dropActor(id), false));
      line.dataset.actor = id;
      return line;
    }));
  };
  $("#add-actor").onclick = () => { addActor(`${W.newActor} ${Object.keys(doc.actors).length + 1}`); edited(); $("#actors li:last-child input").select(); };
  const identityOf = (path) => path.split(".").reduce((holder, key) => holder?.[key], doc.identity);
  const showIdentity = () => all("[data-identity]", root).forEach((input) => { const value = identityOf(input.dataset.identity); input.value = "lines" in input.dataset ? (value ?? []).join("\n") : value ?? ""; });
  $("#identity").addEventListener("input", (event) => {
    const input = event.target, [first, second] = input.dataset.identity.split(".");
    const value = "lines" in input.dataset ? input.value.split("\n").map((line) => line.trim()).filter(Boolean) : input.value;
    if (second) { const inner = { ...(doc.identity[first] ?? {}) }; put(inner, second, value); if (Object.keys(inner).length) doc.identity[first] = inner; else delete doc.identity[first]; } else put(doc.identity, first, value);
    changed(true);
  });
  $("#time-unit").onchange = (event) => { put(doc, "time_unit", event.target.value); changed(); };

  // Try-out: the server plays all acts so far -------------------------------------------------------------------------------------------
  $("#trial").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("act" in button.dataset) acts = [...acts, [button.dataset.step, button.dataset.actor, button.dataset.answer]];
    else if ("back" in button.dataset) acts = acts.slice(0, -1);
    else acts = [];
    look(0);
  });
  $("#trial").addEventListener("change", (event) => { if ("entry" in event.target.dataset) { entry = event.target.value; acts = []; look(0); } });

  root.addEventListener("focusin", (event) => { if (event.target.value !== undefined) event.target.dataset.was ??= event.target.value; });
  root.addEventListener("focusout", (event) => { if (body.contains(event.target)) return; delete event.target.dataset?.was; if (state.typed) { snap(); save(); } });

  // Beginning -------------------------------------------------------------------------------------------------------------------------------
  const offer = () => {
    const before = stored((store) => JSON.parse(store.getItem(kept) ?? "null"));
    if (!before?.doc?.steps) return;
    const note = el("div", { className: "note warn" }, el("div", { textContent: W.restore }));
    const forget = () => { stored((store) => store.removeItem(kept)); note.remove(); };
    const button = (text, work) => el("button", { type: "button", className: "btn s", textContent: text, onclick: () => { forget(); work(); } });
    note.append(button(window.sopan.words.yes, () => { doc = before.doc; changed(); showIdentity(); render(); }), button(window.sopan.words.no, () => {}));
    root.prepend(note);
  };
  addEventListener("resize", () => { showDrawing(false); fitAll(); });
  for (const way of ["undo", "redo"]) $(`#${way}`).onclick = () => travel(way);
  $("#add-row").onclick = () => { insert(doc.steps.length); focusCell(doc.steps.length - 1, "activity"); };
  $("#renumber").onclick = () => { tidy(); renumber(); edited(); };
  $("#send")?.addEventListener("click", async (event) => { if (!dirty()) return; event.preventDefault(); await flush(); if (!dirty()) location.href = $("#send").href; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && dirty()) { stored((store) => store.setItem(kept, JSON.stringify({ doc }))); save({ keepalive: true }); } });
  window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });
  doc.steps.length || doc.steps.push({ no: "1", end: "finished" });
  tidy();
  $("#plain").hidden = true;
  root.hidden = false;
  all(".only-script").forEach((one) => { one.hidden = false; });
  if (innerWidth < 1100 || stored((store) => store.getItem("konsep-panel")) === "0") { $("#panel").hidden = innerWidth >= 1100; $(".bench").classList.toggle("wide", innerWidth >= 1100); $("#panel-toggle").setAttribute("aria-expanded", String(innerWidth < 1100)); }
  if (!doc.identity.name) $("#identity").open = true;
  for (const begin of [showIdentity, render, () => show(looked), showUndo, offer]) begin();
})();
