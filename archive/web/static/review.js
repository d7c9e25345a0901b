// The review page: its parts put together, its keys, and the way back to the line where one was.
// The server holds the truth; answers say what changed since the version that is shown (see review/sending.js).
import { Follower } from "./follow.js";
import { Player } from "./player.js";
import { Editing } from "./review/editing.js";
import { People } from "./review/people.js";
import { Sender } from "./review/sending.js";
import { Text } from "./review/text.js";
import { Doubts, Speakers, concealing, replacing } from "./review/tools.js";

const [SOONEST, LATEST] = [500, 10_000]; // ms without a change, after which names are looked for in what was changed
const page = document.querySelector("[data-review]");
const player = new Player(document.querySelector("[data-player]"));
const follower = new Follower(player);
const sender = new Sender(page);
const text = new Text(document.querySelector(".review"), follower);
const parts = { sender, player, text };
const editing = new Editing(parts);
const people = new People(document.querySelector(".people"), parts);
const doubts = new Doubts(parts);
const speakers = new Speakers(parts);
concealing(parts);
replacing(parts);

sender.addEventListener("told", ({ detail }) => {
  if (detail.by_ear && detail.version !== sender.version) return location.reload();
  text.told(detail);
  people.told(detail);
  doubts.told(detail);
  speakers.told(detail);
  for (const form of document.querySelectorAll("input[name=version]")) form.value = detail.version;
  stale(detail.stale);
});

// Names are looked for anew when nobody changes anything: in a long interview that takes seconds, and then it is done
// the more rarely.
let calm = null;
let took = 0;
function stale(is, wait = Math.min(LATEST, Math.max(SOONEST, took))) {
  clearTimeout(calm);
  if (is) calm = setTimeout(findNames, wait);
}
async function findNames() {
  if (sender.waiting) return stale(true);
  sender.status(sender.says.saysFinding);
  const began = performance.now();
  const told = await sender.ask(sender.says.names, {});
  took = performance.now() - began;
  if (told?.version > sender.version) await sender.catchUp();
  if (!told || told.version !== sender.version || sender.waiting) return stale(true);
  text.told(told);
  people.told(told);
  doubts.told(told);
  sender.status(told.saved);
  stale(told.stale);
}
stale("stale" in page.dataset);

// Undone is what this person changed last, on whatever page; the answer says what it was.
async function undo(again) {
  await editing.close();
  const told = await sender.send(sender.says.undo, again ? { again: 1 } : {});
  const key = Object.keys(told.decided ?? {})[0];
  const turn = told.turns?.find((row) => !row.gone)?.id;
  if (key) people.choose(people.row(key));
  else if (turn) text.turn(turn)?.scrollIntoView({ block: "center" });
}

// The line where one was, as numbers alone: no text may lie on the disk of whoever reviews.
const PLACE = `review ${location.pathname}`;
function here() {
  const seen = (all) => [...all].find((one) => one.getBoundingClientRect().bottom > 80);
  const top = seen(seen(text.root.children)?.children ?? []);
  const place = { turn: (editing.open?.turn ?? top)?.dataset.turn, person: people.current?.dataset.n, at: Math.floor(player.time) };
  sessionStorage.setItem(PLACE, JSON.stringify(place));
}
function back() {
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  const row = (place.person && people.numbered(place.person)) || people.list.querySelector('.person[data-decision=""]') || people.list.firstElementChild;
  people.choose(row, { scroll: false });
  if (location.hash) return;
  const aside = people.list.closest("aside");
  if (people.current) aside.scrollTop = Math.max(0, people.current.offsetTop - people.list.offsetTop);
  if (!place.turn) return;
  text.turn(place.turn)?.scrollIntoView({ block: "start" });
  if (place.at) player.seek(place.at);
}
addEventListener("pagehide", here);
addEventListener("visibilitychange", () => { if (document.hidden) here(); });

// One listener for the text: names choose their person, a double click edits.
text.root.addEventListener("click", (event) => {
  const name = event.target.closest(".name");
  if (name && getSelection().isCollapsed) people.choose(people.numbered(name.dataset.n), { scroll: false });
});
text.root.addEventListener("dblclick", (event) => { if (!event.target.closest(".editor")) editing.edit(event.target.closest(".turn")); });

// Keys: by their place on the keyboard, so that they work in every layout.
const help = document.getElementById("help");
const turnHere = () => editing.open?.turn ?? follower.current ?? follower.turns[0];
const KEYS = {
  KeyC: () => people.decide(people.current, "conceal"),
  KeyK: () => people.decide(people.current, "keep"),
  KeyF: () => people.decide(people.current, "public-figure"),
  KeyN: () => people.next(),
  KeyP: () => people.hear(),
  KeyG: () => people.cover(),
  KeyD: () => doubts.next(),
  KeyH: () => doubts.heard(follower.current),
  KeyE: () => editing.edit(turnHere()),
  KeyA: () => player.slower(),
  KeyU: (event) => undo(event.shiftKey),
  KeyV: () => document.querySelector("[data-preview]").click(),
  KeyR: () => {
    const tool = document.querySelector("[data-replace-tool]");
    tool.open = true;
    tool.querySelector("input[name=find]").focus();
  },
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const digit = /^Digit([1-9])$/.exec(event.code);
  if (help.open) return;
  if (event.key === "Escape") escape(typing);
  else if (digit && event.ctrlKey && !event.altKey && !event.metaKey) editing.speaker(turnHere(), Number(digit[1]));
  else if (event.code === "KeyA" && event.altKey) player.slower();
  else if (event.code === "KeyZ" && (event.ctrlKey || event.metaKey) && !typing) undo(event.shiftKey);
  else if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  else if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) help.showModal();
  else if (KEYS[event.code]) KEYS[event.code](event);
  else return;
  event.preventDefault();
});
function escape(typing) {
  if (typing?.closest(".editor")) editing.close();
  else if (typing) typing.blur();
  else player.toggle();
}

back();
