// Reading an interview: follow the sound, find words inside, choose a passage to hear, quote, keep, cite or propose.
import { Follower, link, mark, rangeOf, said, timecode, timeOf } from "./follow.js";
import { Player } from "./player.js";

const bar = document.querySelector("[data-player]");
const player = bar ? new Player(bar) : null;
const follower = new Follower(player);
const main = document.querySelector("main");
const GUILLEMETS = new Set(["ru", "uk"]); // languages that quote in «» and not in “”

// A selected passage fills the times of whatever asks for some, and offers what can be done with it.
const chosen = document.querySelector("[data-chosen]");
const fields = [document.querySelector("[data-choosing]"), document.getElementById("propose")].filter(Boolean);
const status = chosen.querySelector("[role=status]");
let passage = null;
player?.mark((main.dataset.hits || "").split(" ").filter(Boolean).map(Number));

document.addEventListener("selectionchange", () => {
  const selection = follower.selected();
  if (!selection) {
    if (getSelection().isCollapsed && !chosen.contains(document.activeElement)) chosen.hidden = true;
    return;
  }
  passage = selection;
  for (const form of fields) {
    (form.elements.from ?? form.elements.start).value = precise(passage.start);
    (form.elements.to ?? form.elements.end).value = precise(passage.end);
  }
  offer();
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") chosen.hidden = true; });

function offer() {
  const box = getSelection().getRangeAt(0).getBoundingClientRect();
  chosen.elements.from.value = passage.start.toFixed(2);
  chosen.elements.to.value = passage.end.toFixed(2);
  status.textContent = "";
  chosen.hidden = false;
  const lowest = innerHeight - (bar?.offsetHeight ?? 0) - chosen.offsetHeight - 8;
  const wanted = box.bottom + 8 <= lowest ? box.bottom + 8 : box.top - chosen.offsetHeight - 8;
  chosen.style.insetBlockStart = `${Math.max(8, Math.min(wanted, lowest))}px`;
  chosen.style.insetInlineStart = `${Math.min(Math.max(8, box.left), innerWidth - chosen.offsetWidth - 8)}px`;
}

chosen.querySelector("[data-hear-chosen]")?.addEventListener("click", () => {
  player.seek(passage.start, { play: true, until: passage.end });
});
chosen.querySelector("[data-copy-chosen]").addEventListener("click", async () => {
  await navigator.clipboard.writeText(quoted(passage)).then(() => tell("copied"), () => tell("failed"));
});
chosen.querySelector("[data-cite-chosen]").addEventListener("click", () => fields[0].requestSubmit());
chosen.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(chosen.action, { method: "POST", body: new FormData(chosen), headers: { Accept: "application/json" } }).catch(() => null);
  tell(answer?.ok ? "kept" : "failed");
});

function tell(what) {
  status.textContent = chosen.dataset[{ kept: "saysKept", copied: "saysCopied", failed: "saysFailed" }[what]];
}

function precise(seconds) {
  const hundredths = Math.round(seconds * 100);
  return `${timecode(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}

// What is copied carries its source; what is copied of a translation says that it is one.
document.addEventListener("copy", (event) => {
  const selection = follower.selected() ?? translated();
  if (!selection || selection.text.trim().split(/\s+/).length < 3) return; // a word or two is looked up, not quoted
  event.clipboardData.setData("text/plain", quoted(selection));
  event.preventDefault();
});

function quoted(selection) {
  const place = `${timecode(selection.start)}–${timecode(selection.end)}`;
  const source = main.dataset.cite.replace("{place}", place).replace("{address}", link(selection, main.dataset.version));
  const whose = selection.translated ? `\n(${main.dataset.saysTranslated})` : "";
  const [open, close] = GUILLEMETS.has(selection.language ?? main.dataset.language) ? "«»" : "“”";
  return `${open}${selection.text.trim()}${close}\n${source}${whose}`;
}

function translated() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return null;
  const turns = follower.turns.filter((turn) => rendered(turn) && chosen.getRangeAt(0).intersectsNode(rendered(turn)));
  if (!turns.length) return null;
  return { start: Number(turns[0].dataset.start), end: Number(turns.at(-1).dataset.end), text: chosen.toString(), translated: true, language: rendered(turns[0]).lang };
}

function rendered(turn) {
  return turn.querySelector(".rendered");
}

// Find inside: what is typed is found at once, letter by letter, its other forms by the server a moment later. Enter goes
// from one place to the next; the waveform shows where they are.
const PAUSE = 300; // ms without a key
const inside = document.querySelector("[data-inside]");
const [input, button, count] = ["[name=q]", "button", "[data-inside-count]"].map((one) => inside.querySelector(one));
const forms = inside.querySelector("[data-inside-forms]");
let places = [];
let place = -1;
let asking = null; // stops the question that is under way
forms.hidden = false;
button.textContent = inside.dataset.saysNext;
input.addEventListener("input", find);
forms.addEventListener("change", find);
inside.addEventListener("submit", (event) => {
  event.preventDefault();
  if (places.length) step();
});

function folded(text) {
  return text.toLowerCase().replaceAll("ё", "е");
}

async function find() {
  asking?.abort();
  const { signal } = asking = new AbortController();
  const wanted = folded(input.value.trim());
  const all = wanted.length > 1 && forms.querySelector("input").checked;
  show(wanted.length > 1 ? typed(wanted) : []);
  if (!places.length) count.textContent = wanted.length > 1 && !all ? count.dataset.saysNone : "";
  if (!all) return;
  await new Promise((done) => { setTimeout(done, PAUSE); });
  if (signal.aborted) return;
  const sent = { method: "POST", body: new FormData(inside), headers: { Accept: "application/json" }, signal };
  const found = await fetch(inside.action, sent).then(placed).catch(() => null);
  if (signal.aborted) return;
  if (found) show([...found, ...places.filter((one) => !found.some((other) => overlap(one, other)))]);
  if (!places.length || !found) count.textContent = found ? count.dataset.saysNone : count.dataset.saysFailed;
}

// Where the letters stand, as places: turn, whether in its translation, from which letter of its text to which.
function typed(wanted) {
  const found = [];
  for (const [turn, element] of follower.turns.entries()) {
    for (const part of [said(element), rendered(element)].filter(Boolean)) {
      const text = folded(part.textContent);
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        found.push({ turn, part, beside: part !== said(element), start: at, end: at + wanted.length });
      }
    }
  }
  return found;
}

async function placed(answer) {
  if (!answer.ok) return null;
  return (await answer.json()).places.map(([turn, beside, start, end]) => {
    const part = (beside ? rendered : said)(follower.turns[turn]);
    const unit = (point) => [...part.textContent].slice(0, point).join("").length; // letters beyond U+FFFF count twice here
    return { turn, part, beside, start: unit(start), end: unit(end) };
  });
}

function overlap(one, other) {
  return one.part === other.part && one.start < other.end && other.start < one.end;
}

// These places instead of those before; the one that was gone to stays.
function show(found) {
  const current = places[place];
  places = found.sort((one, other) => one.turn - other.turn || one.beside - other.beside || one.start - other.start);
  place = current ? places.findIndex((one) => overlap(one, current)) : -1;
  mark("inside", places.map((one) => rangeOf(one.part, one.start, one.end)));
  player?.mark(places.map((one) => one.beside ? Number(follower.turns[one.turn].dataset.start) : timeOf(one.part, one.start)));
  if (place >= 0) tellPlace();
  else if (places.length) step();
}

function step() {
  place = (place + 1) % places.length;
  const { part, start, end } = places[place];
  rangeOf(part, start, end).startContainer.parentElement.scrollIntoView({ block: "center" });
  tellPlace();
}

function tellPlace() {
  count.textContent = count.dataset.says.replace("{n}", place + 1).replace("{all}", places.length);
}
