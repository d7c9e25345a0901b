// Hits are heard without leaving the page; the answer gets an address without the words, so that Back and Reload work.
import { Player } from "./player.js";

const here = document.querySelector("main").dataset.here;
if (here) history.replaceState(null, "", here);

const dock = document.querySelector("[data-dock]");
let player = null;
for (const article of document.querySelectorAll("article[data-sound]")) {
  for (const passage of article.querySelectorAll(".passage")) {
    const from = Number(passage.dataset.playFrom);
    const hear = passage.querySelector("[data-hear]");
    hear.hidden = false;
    hear.addEventListener("click", () => play(article, from, passage));
    for (const time of passage.querySelectorAll(".time")) {
      time.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        play(article, Number(time.closest(".turn").dataset.start), passage);
      });
    }
  }
}

function play(article, from, passage) {
  dock.hidden = false;
  player ??= new Player(dock.querySelector("[data-player]"));
  player.use(article.dataset.sound, article.dataset.peaks, article.dataset.seconds);
  player.seek(from, { play: true });
  document.querySelector(".passage.heard")?.classList.remove("heard");
  passage.classList.add("heard");
}
