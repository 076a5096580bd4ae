// Editing in place, adding a row, and seeing what others change. Without this script the page still reads.
const $ = (id) => document.getElementById(id);
const words = JSON.parse($("words").textContent);
const base = location.pathname.replace(/htmlview$/, "");
const POLL = 1500;
let editing = null;            // {cell, input, key, column, before, force}
let cut = false;

const say = (key, facts = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
const table = () => $("table");
const data = (id) => JSON.parse($(id).textContent);
const query = () => new URLSearchParams(location.search);

// --- addresses such as #gid=3&range=A12:A12, as Google writes them -------------------------------------------
function follow() {
  const hash = new URLSearchParams(location.hash.slice(1));
  if (!hash.has("gid") && !hash.has("range")) return;
  const wanted = query();
  for (const name of ["gid", "range"]) if (hash.has(name)) wanted.set(name, hash.get(name));
  wanted.delete("from");
  if (wanted.toString() !== query().toString()) location.replace(`?${wanted}${location.hash}`);
}

function reveal() {
  const row = document.querySelector("tr.marked");
  if (!row) return;
  const column = /^[^!]*?([A-Z]+)\d/.exec((query().get("range") ?? "").split("!").pop());
  const cells = [...row.querySelectorAll("[data-c]")];
  const number = column ? [...column[1]].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) - 1 : 0;
  row.scrollIntoView({ block: "center" });
  focusCell(cells[number] ?? cells[0]);
}

// --- moving about ----------------------------------------------------------------------------------------------
function focusCell(cell) {
  if (!cell) return;
  table().querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
  cell.focus();
}

function neighbour(cell, down, across) {
  const rows = [...table().rows].filter((row) => row.dataset.key);
  const at = rows.indexOf(cell.parentElement);
  const row = rows[Math.min(Math.max(at + down, 0), rows.length - 1)];
  return row.querySelector(`[data-c="${Number(cell.dataset.c) + across}"]`) ?? cell;
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-20, 0], PageDown: [20, 0] };

function onKey(event) {
  const cell = event.target.closest("[data-c]");
  if (!cell || editing || !table().contains(cell)) return;
  const move = MOVES[event.key];
  if (move) focusCell(neighbour(cell, ...move));
  else if (event.key === "Home") focusCell(neighbour(cell, 0, -Number(cell.dataset.c)));
  else if (event.key === "End") focusCell([...cell.parentElement.querySelectorAll("[data-c]")].pop());
  else if (event.key === "Enter" || event.key === "F2") edit(cell);
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " ") edit(cell, event.key);
  else return;
  event.preventDefault();
}

// --- editing ---------------------------------------------------------------------------------------------------
function field(rule, value) {
  const choices = rule?.choices ?? [];
  if (choices.length && rule.strict) {
    const select = document.createElement("select");
    select.add(new Option(say("choose"), ""));
    for (const choice of choices) select.add(new Option(choice, choice));
    if (value && !choices.includes(value)) select.add(new Option(value, value));
    select.value = value;
    return select;
  }
  const input = document.createElement("input");
  input.value = value;
  input.autocomplete = "off";
  if (choices.length) {
    const list = document.createElement("datalist");
    list.id = "choices";
    for (const choice of choices) list.append(new Option(choice));
    $("choices")?.remove();
    document.body.append(list);
    input.setAttribute("list", "choices");
  }
  return input;
}

const textOf = (cell) => cell.querySelector(".t").textContent;
const address = (cell) => `${letters(Number(cell.dataset.c))}${cell.parentElement.querySelector(".number").textContent}`;
const letters = (column) => (column > 25 ? letters(Math.floor(column / 26) - 1) : "") + String.fromCharCode(65 + (column % 26));

function edit(cell, typed) {
  if (editing || table().ariaReadOnly === "true") return;
  const before = textOf(cell);
  const input = field(data("rules")[cell.dataset.rule], cell.dataset.edit ?? before);
  if (typed !== undefined && input.tagName === "INPUT") input.value = typed;
  input.setAttribute("aria-label", say("edit", { cell: address(cell) }));
  input.setAttribute("aria-describedby", "problem");
  editing = { cell, input, key: cell.parentElement.dataset.key, column: Number(cell.dataset.c), before, force: false, old: [...cell.childNodes], was: input.value };
  cell.classList.add("editing");
  cell.replaceChildren(input);
  input.focus();
  if (typed === undefined) input.select?.();
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter") { event.preventDefault(); save(1, 0); }
    else if (event.key === "Tab") { event.preventDefault(); save(0, event.shiftKey ? -1 : 1); }
    else if (event.key === "Escape") { event.preventDefault(); stop(); focusCell(cell); }
  });
  input.addEventListener("blur", () => { if (editing?.input === input && !editing.sending) save(0, 0, true); });
}

function stop() {
  const { cell, old } = editing;
  editing = null;
  cell.classList.remove("editing", "refused");
  cell.replaceChildren(...old);
  $("problem").textContent = "";
}

async function save(down, across, left = false) {
  const now = editing;
  if (!now || now.sending) return;
  if (now.input.value === now.was && !now.force) {
    if (now.input.value === (now.cell.dataset.edit ?? now.before)) { stop(); if (!left) focusCell(neighbour(now.cell, down, across)); return; }
  }
  now.sending = true;
  const body = { gid: table().dataset.gid, key: now.key, column: now.column, text: now.input.value, before: now.before, force: now.force };
  const answer = await send("cell", body);
  now.sending = false;
  if (answer === null) { setTimeout(() => { if (editing === now) save(down, across, true); }, 2000); return; }
  if (answer.problems) {
    now.force = answer.status === 409;
    now.cell.classList.add("refused");
    now.input.setAttribute("aria-invalid", "true");
    $("problem").textContent = answer.problems[now.column] ?? Object.values(answer.problems)[0];
    if (!left) now.input.focus();
    return;
  }
  const spot = [now.key, now.column];
  stop();
  $("status").textContent = answer.warning ?? say("saved", { cell: answer.cell });
  await refresh(true);
  const cell = table().querySelector(`tr[data-key="${spot[0]}"] [data-c="${spot[1]}"]`);
  if (cell && !left) focusCell(neighbour(cell, down, across));
}

async function send(what, body) {
  try {
    const answer = await fetch(`${base}${what}${location.search}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    connected(true);
    if (answer.ok) return await answer.json();
    const text = await answer.text();
    try { const problems = JSON.parse(text).problems; if (problems) return { status: answer.status, problems }; } catch { /* not JSON */ }
    return { status: answer.status, problems: { "-1": answer.statusText || String(answer.status) } };
  } catch {
    connected(false);
    return null;
  }
}

function connected(yes) {
  if (yes && cut) $("status").textContent = say("back");
  if (!yes) $("status").textContent = say("cut");
  cut = !yes;
}

// --- what others change ----------------------------------------------------------------------------------------
async function refresh(force = false) {
  try {
    if (!force) {
      const state = await fetch(`${base}state`);
      connected(true);
      if (!state.ok || String((await state.json()).version) === table().dataset.version) return;
    }
    const wanted = query();
    wanted.set("part", "table");
    const answer = await fetch(`?${wanted}`);
    if (answer.ok) show(await answer.text());
  } catch { connected(false); }
}

function show(text) {
  const fresh = document.createElement("template");
  fresh.innerHTML = text;                       // made and escaped by the server
  const next = fresh.content.querySelector("table");
  const keys = (one) => [...one.rows].map((row) => `${row.dataset.key}:${row.id}`).join();
  if (keys(next) === keys(table()) && next.rows[0].cells.length === table().rows[0].cells.length) patch(next);
  else if (!editing) swap(next);
  else return;                                  // rows moved under an open editor: wait until it is closed
  for (const id of ["rules", "labels"]) $(id).textContent = fresh.content.querySelector(`#${id}`).textContent;
  table().dataset.version = next.dataset.version;
  $("pages").replaceWith(fresh.content.querySelector("#pages"));
}

function patch(next) {
  [...next.rows].forEach((row, r) => {
    const old = table().rows[r];
    [...row.cells].forEach((cell, c) => {
      const mine = old.cells[c];
      if (mine === editing?.cell || !cell.dataset.c) return;
      const same = mine.innerHTML === cell.innerHTML && mine.dataset.edit === cell.dataset.edit && mine.dataset.rule === cell.dataset.rule && mine.title === cell.title;
      if (same) return;
      mine.replaceChildren(...cell.childNodes);
      for (const name of ["data-edit", "data-rule", "title", "class"]) cell.hasAttribute(name) ? mine.setAttribute(name, cell.getAttribute(name)) : mine.removeAttribute(name);
      mine.classList.add("fresh");
      setTimeout(() => mine.classList.remove("fresh"), 2500);
    });
  });
}

function swap(next) {
  const at = document.activeElement?.closest?.("[data-c]");
  const spot = at && table().contains(at) ? [at.parentElement.dataset.key, at.dataset.c] : null;
  table().replaceWith(document.adoptNode(next));
  const cell = spot && table().querySelector(`tr[data-key="${spot[0]}"] [data-c="${spot[1]}"]`);
  if (cell) focusCell(cell); else firstStop();
}

function firstStop() {
  (table().querySelector("tbody [data-c]") ?? table().querySelector("[data-c]"))?.setAttribute("tabindex", "0");
}

// --- adding a row ----------------------------------------------------------------------------------------------
function openDialog() {
  const last = [...table().tBodies[0].rows].pop();
  const rules = data("rules");
  for (const span of document.querySelectorAll(".field")) {
    const cell = last?.querySelector(`[data-c="${span.dataset.c}"]`);
    const made = field(rules[cell?.dataset.rule], "");
    made.id = `new${span.dataset.c}`;
    made.name = span.dataset.c;
    made.setAttribute("aria-describedby", `why${span.dataset.c}`);
    span.replaceChildren(made);
  }
  for (const why of document.querySelectorAll(".why")) why.textContent = "";
  $("dialog").showModal();
}

async function addRow(event) {
  event.preventDefault();
  const cells = Object.fromEntries(new FormData($("row-form")));
  const answer = await send("rows", { gid: table().dataset.gid, cells });
  for (const why of document.querySelectorAll(".why")) why.textContent = "";
  if (answer === null) return;
  if (answer.problems) {
    for (const [column, text] of Object.entries(answer.problems)) ($(`why${column}`) ?? $("problem")).textContent = text;
    document.querySelector(`#new${Object.keys(answer.problems)[0]}`)?.focus();
    return;
  }
  $("dialog").close();
  $("status").textContent = say("added", { row: answer.row });
  const wanted = query();
  wanted.set("gid", table().dataset.gid);
  wanted.set("range", `A${answer.row}:A${answer.row}`);
  for (const name of ["from", "find"]) wanted.delete(name);
  location.href = `?${wanted}`;
}

// --- start -----------------------------------------------------------------------------------------------------
follow();
addEventListener("hashchange", follow);
document.addEventListener("keydown", onKey);
$("scroll").addEventListener("dblclick", (event) => { const cell = event.target.closest("[data-c]"); if (cell && !editing) edit(cell); });
$("scroll").addEventListener("click", (event) => { const cell = event.target.closest("[data-c]"); if (cell && !editing) focusCell(cell); });
$("add").hidden = table().ariaReadOnly === "true";
$("add").addEventListener("click", openDialog);
$("cancel").addEventListener("click", () => $("dialog").close());
$("row-form").addEventListener("submit", addRow);
firstStop();
reveal();
setInterval(() => { if (!document.hidden) refresh(); }, POLL);
