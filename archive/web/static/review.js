// The review: keys, decisions, corrections, concealing what is selected. The server holds the truth; every change is
// sent at once with the version it was made on, and the answer redraws the people and the names in the text.
import { Follower, said, timesOf } from "./follow.js";
import { Player } from "./player.js";

const page = document.querySelector("[data-review]");
const says = page.dataset;
const player = new Player(document.querySelector("[data-player]"));
const follower = new Follower(player);
const list = document.querySelector(".people");
const AROUND = 1.5; // seconds heard before and after a name
const RETRY = 4000;
let version = Number(says.version);
let undoable = [];
let queue = Promise.resolve();
let unsaved = 0; // changes that the server has not answered for
let last = null; // the turns of the newest answer that had any

// Sending: one change at a time, each on the version the one before it made.
function send(url, fields) {
  unsaved += 1;
  queue = queue.then(() => attempt(url, fields)).finally(() => { unsaved -= 1; });
  return queue;
}

// Whoever leaves too early would preview and approve without the last change.
addEventListener("beforeunload", (event) => {
  if (unsaved || waiting) event.preventDefault();
});

async function attempt(url, fields) {
  status(says.saysSaving);
  const body = new URLSearchParams({ ...fields, version, csrf_token: says.csrf });
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    status(says.saysLost);
    await new Promise((done) => { setTimeout(done, RETRY); });
    return attempt(url, fields);
  }
  if (answer.status === 401) return status(says.saysOut);
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return redraw(told);
  if (told.field === "cover") return refuseCover(fields.person, told.says);
  if (told.error === "conflict") await theirs();
  return status(told.says ?? String(answer.status));
}

// A cover name that gives somebody away: the field keeps what was typed, the reason stands beside it, and what is shown
// as decided is what the server holds.
async function refuseCover(key, reason) {
  const typed = rowOf(key)?.querySelector("input[name=cover]").value;
  await theirs();
  const row = rowOf(key);
  if (!row) return;
  row.querySelector("details.covername").open = true;
  const field = row.querySelector("input[name=cover]");
  const problem = row.querySelector("[data-problem]");
  field.value = typed;
  field.setAttribute("aria-invalid", "true");
  problem.textContent = reason;
  problem.hidden = false;
  status(reason);
}

function rowOf(key) {
  return [...list.children].find((row) => row.querySelector("input[name=person]").value === key);
}

async function theirs() {
  const answer = await fetch(location.pathname, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) redraw(await answer.json());
}

function status(sentence) {
  document.querySelector("[data-saved]").textContent = sentence;
}

function redraw(told) {
  if (told.turns) last = told.turns;
  version = told.version;
  status(told.saved);
  const chosen = current()?.dataset.n;
  list.replaceChildren(...told.people.map((person) => drawPerson(person, told.people)));
  for (const form of document.querySelectorAll("input[name=version]")) form.value = version;
  if (told.turns) drawTurns(told.turns);
  tint();
  drawLeft(told);
  choose(list.querySelector(`[data-n="${chosen}"]`) ?? list.firstElementChild, { scroll: false });
}

function drawTurns(turns) {
  for (const turn of follower.turns) drawTurn(turn, turns[turn.id.slice("turn-".length)]);
  tint();
}

function drawLeft(told) {
  const bar = document.querySelector("[data-left]");
  bar.max = told.people.length || 1;
  bar.value = told.people.length - told.left;
  document.querySelector("[data-left-words]").textContent = told.left
    ? says.saysLeft.replace("{left}", told.left).replace("{all}", told.people.length) : says.saysNone;
}

function drawPerson(person, everybody) {
  const row = document.getElementById("person").content.firstElementChild.cloneNode(true);
  row.id = `person-${person.number}`;
  Object.assign(row.dataset, { n: person.number, decision: person.decision, proposal: person.proposal, starts: person.starts.join(" ") });
  const form = row.querySelector("form");
  form.action = says.people;
  form.elements.person.value = person.key;
  form.elements.number.value = person.number;
  form.elements.cover.value = person.cover;
  row.querySelector("details.covername").open = Boolean(person.cover);
  const problem = row.querySelector("[data-problem]");
  problem.id = `cover-problem-${person.number}`;
  form.elements.cover.setAttribute("aria-describedby", problem.id);
  drawRegrouping(row.querySelector(".regroup form"), person, everybody);
  const fill = { number: person.number, forms: person.forms.join(" · "), name: person.name ? `${person.name} · ` : "", about: person.about };
  for (const [name, value] of Object.entries(fill)) row.querySelector(`[data-fill=${name}]`).textContent = value;
  row.querySelector("[data-when=protected]").hidden = !person.protected;
  row.querySelector("[data-when=asked]").hidden = !person.asked;
  for (const button of row.querySelectorAll("button[name=decision]")) {
    button.setAttribute("aria-pressed", String(button.value === person.decision));
    button.classList.toggle("proposed", button.value === person.proposal);
    button.disabled = person.protected && button.value !== "conceal";
  }
  row.querySelector("[data-hear]").hidden = false;
  return row;
}

function drawRegrouping(form, person, everybody) {
  form.action = says.regroup;
  form.elements.person.value = person.key;
  const choice = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
  for (const one of everybody) {
    if (one.key !== person.key) form.elements.other.append(choice(one.key, `${one.number}. ${one.forms[0]}${one.name ? ` (${one.name})` : ""}`));
  }
  for (const [turn, time] of person.turns) form.elements.turn.append(choice(turn, time));
  form.querySelector("[data-when=turns]").hidden = !person.turns.length;
  form.querySelector("[data-when=regrouped]").hidden = !person.regrouped;
}

// Turns without names in the answer become plain text again; the one that is being typed in is left alone.
function drawTurn(turn, pieces) {
  const text = said(turn);
  if (turn.classList.contains("editing") || (!pieces && !text.firstElementChild)) return;
  if (!pieces) {
    text.textContent = text.textContent; // eslint-disable-line no-self-assign -- drops the spans
    return;
  }
  text.replaceChildren(...pieces.map((piece) => {
    if (!piece.kind) return piece.text;
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = piece.text;
    name.dataset.n = piece.number;
    name.dataset.t = piece.start;
    return name;
  }));
}

// The names in the text carry the decision about their person.
function tint() {
  const decided = new Map([...list.children].map((row) => [row.dataset.n, row.dataset.decision]));
  for (const name of document.querySelectorAll(".name")) name.dataset.decision = decided.get(name.dataset.n) ?? "";
}

// People
function current() {
  return list.querySelector(".person[aria-current]");
}

function choose(row, { scroll = true, focus = false } = {}) {
  if (!row) return;
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  for (const name of document.querySelectorAll(".name.chosen")) name.classList.remove("chosen");
  const names = [...document.querySelectorAll(`.name[data-n="${row.dataset.n}"]`)];
  for (const name of names) name.classList.add("chosen");
  player.mark(row.dataset.starts.split(" ").filter(Boolean).map(Number));
  if (focus) row.focus({ preventScroll: true });
  if (!scroll) return;
  row.scrollIntoView({ block: "nearest" });
  names[0]?.scrollIntoView({ block: "center" });
}

function next() {
  const rows = [...list.children];
  const from = rows.indexOf(current());
  const after = [...rows.slice(from + 1), ...rows.slice(0, from + 1)];
  choose(after.find((row) => !row.dataset.decision) ?? after[0], { focus: true });
}

function decide(row, decision) {
  if (!row || row.querySelector(`button[value="${decision}"]`)?.disabled) return;
  const form = row.querySelector("form");
  const before = { key: form.elements.person.value, n: row.dataset.n, decision: row.dataset.decision, cover: form.elements.cover.defaultValue };
  undoable.push(() => {
    change(before.key, before.n, before.decision, before.cover);
    choose(list.querySelector(`[data-n="${before.n}"]`));
  });
  row.dataset.decision = decision; // shown at once; the answer draws it again
  for (const button of row.querySelectorAll("button[name=decision]")) button.setAttribute("aria-pressed", String(button.value === decision));
  tint();
  change(form.elements.person.value, row.dataset.n, decision, form.elements.cover.value);
}

function change(person, number, decision, cover) {
  send(says.people, { person, number, decision, cover });
}

function undo() {
  undoable.pop()?.();
}

// Rows put together or taken apart.
function regroup(form, undone) {
  const fields = { person: form.elements.person.value, other: form.elements.other.value, turn: form.elements.turn.value };
  if (undone) fields.undo = 1;
  else if (!fields.other && !fields.turn) return;
  else undoable.push(() => send(says.regroup, { person: fields.other || `${fields.person}@${fields.turn}`, undo: 1 }));
  send(says.regroup, fields);
}

let turnHeard = 0;
function hear(row) {
  const starts = (row?.dataset.starts ?? "").split(" ").filter(Boolean).map(Number);
  if (!starts.length) return;
  const start = starts[turnHeard++ % starts.length];
  player.seek(Math.max(0, start - AROUND), { play: true, until: start + AROUND });
}

list.addEventListener("submit", (event) => {
  event.preventDefault();
  const row = event.target.closest(".person");
  choose(row, { scroll: false });
  if (event.target.closest(".regroup")) return regroup(event.target, event.submitter?.name === "undo");
  decide(row, event.submitter?.value || row.dataset.decision || "conceal");
});
list.addEventListener("click", (event) => {
  const row = event.target.closest(".person");
  if (!row) return;
  choose(row, { scroll: false });
  if (event.target.closest("[data-hear]")) hear(row);
});
document.querySelector(".review").addEventListener("click", (event) => {
  const name = event.target.closest(".name");
  if (name && getSelection().isCollapsed) choose(list.querySelector(`[data-n="${name.dataset.n}"]`), { scroll: false });
});

// Correcting a turn
function edit(turn) {
  if (!turn || turn.classList.contains("editing")) return;
  const text = said(turn);
  const form = document.getElementById("editor").content.firstElementChild.cloneNode(true);
  const field = form.querySelector("textarea");
  field.value = text.textContent;
  field.lang = text.lang;
  turn.classList.add("editing");
  turn.append(form);
  field.focus();
  typing(field, turn);
  const done = () => {
    save(field, turn);
    turn.classList.remove("editing");
    form.remove();
    queue = queue.then(() => last && drawTurns(last)); // the names in this turn, left alone while it was typed in
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); done(); });
  form.querySelector("button").addEventListener("click", done);
}

let waiting = null;
let goOn = null;
function typing(field, turn) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save(field, turn), 2000);
    pauseWhileTyping();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      field.form.requestSubmit();
    }
  });
}

// The sound pauses while somebody types and goes on two seconds after the last key.
let pausedByTyping = false;
function pauseWhileTyping() {
  clearTimeout(goOn);
  if (player.playing) {
    pausedByTyping = true;
    player.audio.pause();
  }
  if (pausedByTyping) goOn = setTimeout(() => { pausedByTyping = false; player.toggle(); }, 2000);
}

function save(field, turn) {
  clearTimeout(waiting);
  waiting = null;
  const text = field.value.split(/\s+/).filter(Boolean).join(" ");
  if (!text || text === said(turn).textContent) return;
  const old = said(turn).textContent.split(" ").length;
  said(turn).textContent = text;
  if (text.split(" ").length !== old) spread(said(turn), old);
  send(says.text, { segment: turn.id.slice("turn-".length), text });
}

// Until the page is loaded again the times of a reworded turn are its old ones, spread over the new words.
function spread(text, old) {
  const times = timesOf(text);
  const words = text.textContent.split(" ").length;
  text.times = Array.from({ length: words }, (_, index) => times[Math.min(times.length - 1, Math.floor((index * old) / words))]);
}

document.querySelector(".review").addEventListener("dblclick", (event) => edit(event.target.closest(".turn")));

// Concealing what is selected
const float = document.querySelector("[data-float]");
const concealing = document.querySelector("[data-conceal-form]");
document.addEventListener("selectionchange", () => {
  const chosen = getSelection();
  const text = chosen.toString().trim();
  const inside = chosen.rangeCount && chosen.anchorNode?.parentElement?.closest(".said");
  const short = text && text.length <= 100 && text.split(/\s+/).length <= 5;
  float.hidden = !(inside && short);
  if (float.hidden) return;
  concealing.elements.selection.value = text;
  float.textContent = says.saysSelection.replace("{text}", text);
  const box = chosen.getRangeAt(0).getBoundingClientRect();
  float.style.insetInlineStart = `${Math.max(8, Math.min(box.left, innerWidth - float.offsetWidth - 8))}px`;
  float.style.insetBlockStart = `${Math.min(box.bottom + 6, innerHeight - float.offsetHeight - 8)}px`;
});
float.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
float.addEventListener("click", () => concealing.requestSubmit());
concealing.addEventListener("submit", (event) => {
  event.preventDefault();
  const selection = concealing.elements.selection.value.trim();
  if (!selection) return;
  send(says.conceal, { selection });
  concealing.reset();
  getSelection().removeAllRanges();
  float.hidden = true;
});

// Keys: by their place on the keyboard, so that they work in every layout.
const help = document.getElementById("help");
const KEYS = {
  KeyC: () => decide(current(), "conceal"),
  KeyK: () => decide(current(), "keep"),
  KeyF: () => decide(current(), "public-figure"),
  KeyN: next,
  KeyP: () => hear(current()),
  KeyU: undo,
  KeyE: () => edit(follower.current ?? follower.turns[0]),
  KeyG: () => {
    const cover = current()?.querySelector("details.covername");
    if (cover) { cover.open = true; cover.querySelector("input").focus(); }
  },
};
document.addEventListener("keydown", (event) => {
  const typingNow = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && !help.open) {
    if (typingNow) typingNow.blur();
    else player.toggle();
    return;
  }
  if (typingNow || event.ctrlKey || event.altKey || event.metaKey || help.open) return;
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) help.showModal();
  else if (KEYS[event.code]) KEYS[event.code]();
  else return;
  event.preventDefault();
});

for (const button of document.querySelectorAll("[data-hear]")) button.hidden = false;
tint();
choose(list.querySelector('.person[data-decision=""]') ?? list.firstElementChild, { scroll: false });
if (!location.hash && current()) list.closest("aside").scrollTop = Math.max(0, current().offsetTop - list.offsetTop);
