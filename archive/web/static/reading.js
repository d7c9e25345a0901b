// Reading an interview: follow the sound, find words inside, propose a passage, quote with its source.
import { Follower, link, mark, rangeOf, said, timecode } from "./follow.js";
import { Player } from "./player.js";

const bar = document.querySelector("[data-player]");
const follower = new Follower(bar ? new Player(bar) : null);

// A selected passage fills the times of the proposal.
const proposal = document.getElementById("propose");
document.addEventListener("selectionchange", () => {
  const selection = proposal && follower.selected();
  if (!selection || selection.text.trim().split(/\s+/).length < 2) return;
  proposal.elements.start.value = precise(selection.start);
  proposal.elements.end.value = precise(selection.end);
});

function precise(seconds) {
  const hundredths = Math.round(seconds * 100);
  return `${timecode(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}

// What is copied carries its source.
document.addEventListener("copy", (event) => {
  const selection = follower.selected();
  if (!selection || selection.text.length < 40) return;
  const cite = document.querySelector("main").dataset.cite;
  event.clipboardData.setData("text/plain", `${selection.text}\n(${cite}, ${timecode(selection.start)}–${timecode(selection.end)}, ${link(selection)})`);
  event.preventDefault();
});

// Find inside: all places at once, one after the other with Enter.
const inside = document.querySelector("[data-inside]");
const input = inside.querySelector("input");
const count = inside.querySelector("[data-inside-count]");
let places = [];
let place = -1;
inside.hidden = false;
input.addEventListener("input", () => find(input.value.trim().toLowerCase().replaceAll("ё", "е")));
inside.addEventListener("submit", (event) => {
  event.preventDefault();
  if (places.length) step();
});

function find(wanted) {
  places = [];
  place = -1;
  if (wanted.length > 1) {
    for (const turn of follower.turns) {
      const text = said(turn).textContent.toLowerCase().replaceAll("ё", "е");
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        places.push(rangeOf(said(turn), at, at + wanted.length));
      }
    }
  }
  mark("inside", places);
  if (places.length) step();
  else count.textContent = wanted.length > 1 ? count.dataset.saysNone : "";
}

function step() {
  place = (place + 1) % places.length;
  places[place].startContainer.parentElement.scrollIntoView({ block: "center" });
  count.textContent = count.dataset.says.replace("{n}", place + 1).replace("{all}", places.length);
}
