// Typing a translation: what was typed is kept two seconds after the last key, and the sound follows the text.
import { Follower } from "./follow.js";
import { Player } from "./player.js";

const REST = 2000; // ms without a key after which what was typed is sent
const bar = document.querySelector("[data-player]");
new Follower(bar ? new Player(bar) : null);

const form = document.querySelector("[data-translation]");
const status = form.querySelector("[data-saved]");
let waiting = 0;
let sending = false;
let changed = false;

form.addEventListener("input", () => {
  changed = true;
  wait(REST);
});
form.addEventListener("submit", () => { changed = sending = false; });
addEventListener("beforeunload", (event) => { if (changed || sending) event.preventDefault(); });

function wait(rest) {
  clearTimeout(waiting);
  waiting = setTimeout(save, rest);
}

// One at a time: the answer brings the version that the next one is made on.
async function save() {
  if (sending) return;
  [sending, changed] = [true, false];
  status.textContent = form.dataset.saysSaving;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  sending = false;
  if (answer?.status === 409 || answer?.status === 400) return form.submit(); // the page says what stands against it
  if (!answer?.ok || !told?.rows) return later(answer);
  kept(told);
  if (changed) wait(REST);
}

function later(answer) {
  changed = true;
  status.textContent = answer?.status === 401 ? form.dataset.saysOut : form.dataset.saysFailed;
  wait(REST * 2);
}

// Of the turns that were sent alone: what others wrote in the others is not on this page.
function kept(told) {
  form.elements.version.value = told.version;
  for (const [turn, row] of Object.entries(told.rows)) {
    if (!form.elements[`was-${turn}`]) continue;
    form.elements[`was-${turn}`].value = row.was;
    if (!row.old) form.querySelector(`[data-turn="${CSS.escape(turn)}"] [data-old]`)?.remove();
  }
  status.textContent = form.dataset.saysSaved.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang));
}
