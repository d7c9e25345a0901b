// Typing a translation: what was typed is kept two seconds after the last key, and the sound follows the text.
import { Follower } from "./follow.js";
import { Player } from "./player.js";

const REST = 2000; // ms without a key after which what was typed is sent
const bar = document.querySelector("[data-player]");
new Follower(bar ? new Player(bar) : null);

const form = document.querySelector("[data-translation]");
const status = form.querySelector("[data-saved]");
let waiting = 0;
let sending = null;
let changed = false;

form.addEventListener("input", () => {
  changed = true;
  clearTimeout(waiting);
  waiting = setTimeout(save, REST);
});
form.addEventListener("submit", () => { changed = false; });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

// One at a time: the answer brings the version that the next one is made on.
async function save() {
  if (sending) return;
  changed = false;
  status.textContent = form.dataset.saysSaving;
  sending = fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }).catch(() => null);
  const answer = await sending;
  sending = null;
  const told = await answer?.json().catch(() => null);
  if (answer?.status === 409) return form.submit(); // the page says who wrote what
  if (!answer?.ok || !told?.rows) {
    changed = true;
    status.textContent = told?.says ?? form.dataset.saysFailed;
    if (!told) waiting = setTimeout(save, REST * 2);
    return;
  }
  form.elements.version.value = told.version;
  for (const [turn, row] of Object.entries(told.rows)) {
    form.elements[`was-${turn}`].value = row.was;
    if (!row.old) form.querySelector(`[data-turn="${CSS.escape(turn)}"] [data-old]`)?.remove();
  }
  const now = new Date();
  status.textContent = form.dataset.saysSaved.replace("{time}", now.toLocaleTimeString(document.documentElement.lang));
  if (changed) waiting = setTimeout(save, REST);
}
