// Live progress. A row whose stage changed is drawn anew by reloading the page.
const list = document.querySelector("[data-progress]");
const EVERY = 2000;

async function look() {
  if (document.hidden || list.closest("[hidden]")) return;
  const answer = await fetch(list.dataset.progress, { headers: { Accept: "application/json" } });
  if (answer.status === 401) return location.reload(); // signed out: the server says where to go
  if (!answer.ok) return;
  const { rows } = await answer.json();
  if (rows.length !== list.children.length || rows.map(shows).includes(false)) again();
}

// Not while files are being sent from here: that would end it. Nor over a receipt: by it somebody deletes a recording.
function again() {
  const receipt = document.querySelector("[data-receipt]:not([hidden])");
  if (!receipt && !document.body.hasAttribute("data-busy")) location.reload();
}

function shows(row) {
  const item = document.getElementById(`row-${row.id}`);
  if (!item || item.dataset.mark !== row.mark) return false;
  const bar = item.querySelector("progress");
  bar.hidden = row.progress === null;
  bar.value = row.progress ?? 0;
  const words = item.querySelector("[data-words]");
  if (!item.querySelector(".failed") && words.textContent !== row.words) words.textContent = row.words;
  return true;
}

if (list) setInterval(() => look().catch(() => {}), EVERY); // no network for a moment: the next look comes by itself
