// Hits are heard without leaving the page; the answer gets an address without the words, so that Back and Reload work.
import { Player } from "./player.js";

const here = document.querySelector("main").dataset.here;
if (here) history.replaceState(null, "", here);

const dock = document.querySelector("[data-dock]");
const hearable = [...document.querySelectorAll("[data-hear]")];
let player = null;

for (const hear of hearable) {
  const place = hear.closest("[data-play-from]");
  hear.hidden = false;
  hear.addEventListener("click", () => play(place, Number(place.dataset.playFrom)));
  for (const time of place.querySelectorAll(".time")) {
    time.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      play(place, Number(time.closest(".turn").dataset.start));
    });
  }
}

// Before anything is heard the player's own key begins with the first hit: Enter in the box, then Ctrl+Space.
document.addEventListener("keydown", (event) => {
  const asks = (event.code === "Space" && event.ctrlKey) || (event.code === "KeyK" && event.altKey);
  if (!asks || player || !hearable.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  hearable[0].click();
}, { capture: true });

function play(place, from) {
  const source = place.closest("[data-sound]");
  dock.hidden = false;
  player ??= new Player(dock.querySelector("[data-player]"));
  player.use(source.dataset.sound, source.dataset.peaks, source.dataset.seconds);
  player.mark((source.dataset.hits || "").split(" ").filter(Boolean).map(Number));
  player.seek(from, { play: true });
  document.querySelector(".heard")?.classList.remove("heard");
  place.classList.add("heard");
}

// Words that begin as somebody has begun to type: asked for by POST, since they must stand in no address.
const box = document.querySelector("[data-words]");
const offered = document.getElementById("begun");
let waiting = 0;
box?.addEventListener("input", () => {
  clearTimeout(waiting);
  const [, before, start] = /^(.*?)([\p{L}\p{N}]{3,})$/u.exec(box.value) ?? [];
  if (start) waiting = setTimeout(() => offer(before, start), 200);
});

async function offer(before, start) {
  const form = new FormData(box.form);
  form.delete("q");
  form.set("start", start);
  const answer = await fetch(box.dataset.words, { method: "POST", body: form, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { words } = await answer.json();
  offered.replaceChildren(...words.map((word) => Object.assign(document.createElement("option"), { value: before + word })));
}
