// Consent first, then files: chosen or dropped, looked at, sent in pieces, gone on with after the page was closed.
import "./consent.js";
import { fingerprint, inspect } from "./recording.js";
import { create, end, Refused, Transfer } from "./tus.js";

const AT_ONCE = 3; // files; more would only share the same line
const WINDOW = 10_000; // milliseconds over which the speed is measured

const form = document.querySelector("[data-intake]");
const page = document.querySelector("[data-page]"); // what gives way to the form where files are dropped on the desk
const room = document.querySelector("[data-room]");
const says = room.dataset;
const sending = room.querySelector("[data-sending]");
const list = room.querySelector("[data-transfers]");
const begun = room.querySelector("[data-begun]");
const another = room.querySelector("[data-another]");
const input = form.querySelector("input[type=file]");
const files = form.querySelector("[data-files]");
const button = form.querySelector("button.act");
const chosen = [];
const waiting = [];
let active = 0;
let consent = 0; // counts the forms that were filled in

input.multiple = true;
form.querySelector("[data-many]").hidden = false;
input.required = false;
input.addEventListener("change", () => {
  add([...input.files]); // the list is emptied with the value
  input.value = "";
});

// --- choosing ---------------------------------------------------------------------------------------------------------

async function add(given) {
  for (const file of given) {
    const mark = await fingerprint(file).catch(() => "");
    const known = [...(begun?.querySelectorAll("[data-upload]") ?? [])].find((one) => mark && one.dataset.fingerprint === mark);
    if (known?.dataset.consent) goOn(known, file);
    else await choose(file, mark, known);
  }
}

async function choose(file, mark, known) {
  open();
  const item = copy("[data-chosen]");
  const one = { file, mark, known, item, problem: "" };
  item.querySelector("[data-name]").textContent = file.name;
  item.querySelector("[data-size]").textContent = megabytes(file.size);
  item.querySelector("button").addEventListener("click", () => forget(one));
  files.append(item);
  chosen.push(one);
  const found = await inspect(file, { bytes: Number(says.bytes), seconds: Number(says.seconds) });
  one.problem = found.problem;
  if (found.seconds) item.querySelector("[data-size]").textContent += ` · ${clock(found.seconds)}`;
  tell(item.querySelector("[data-trouble]"), found.problem ? sentence(found.problem) : "");
  item.querySelector("[data-note]").textContent = found.notes.map(sentence).join(" ");
}

function forget(one) {
  chosen.splice(chosen.indexOf(one), 1);
  one.item.remove();
  input.focus();
}

// An empty form, where the page shows something else.
function open() {
  if (!form.hidden) return;
  form.reset();
  form.querySelector("input[name=research]").dispatchEvent(new Event("change")); // for the date that goes with it
  consent++;
  unfold();
  form.querySelector("h1").focus();
}

// What was typed for a file that the archive does not take, for a better one; unless something else was typed since.
function again(row) {
  if (form.hidden && row.consent === consent) unfold();
}

function unfold() {
  if (page) page.hidden = true;
  another.hidden = true;
  form.hidden = false;
}

addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  add([...event.dataTransfer.files]);
});

// --- sending ----------------------------------------------------------------------------------------------------------

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  for (const box of form.querySelectorAll("[data-problem]")) box.hidden = true;
  const bad = chosen.find((one) => one.problem);
  if (bad || !chosen.length) return show("recording", bad ? says.saysRemove : says.saysChoose);
  button.disabled = true;
  try {
    while (chosen.length) await begin(chosen[0]);
    form.hidden = true;
    another.hidden = false;
    sending.focus();
  } catch (error) {
    refused(error);
  } finally {
    button.disabled = false;
  }
});

async function begin(one) {
  const fields = new FormData(form);
  fields.delete("recording");
  const url = one.known?.dataset.upload
    ?? await create(one.file, { filename: one.file.name, fingerprint: one.mark }, fields);
  one.known?.remove();
  chosen.splice(chosen.indexOf(one), 1);
  one.item.remove();
  start(url, one.file, one.known ? new URLSearchParams([...fields]) : null, consent);
}

function refused(error) {
  for (const [field, sentences] of Object.entries(error.told?.problems ?? {})) show(field, sentences.join(" "));
  if (!error.told?.problems) show("", error.told?.says || says.saysLost);
  form.querySelector("[data-problem]:not([hidden])")?.scrollIntoView({ block: "center" });
}

function show(field, text) {
  const box = form.querySelector(`[data-problem="${field === "null" ? "" : field}"]`) ?? form.querySelector('[data-problem=""]');
  tell(box, text);
}

another.addEventListener("click", open);

// --- going on with what was begun -------------------------------------------------------------------------------------

for (const item of begun?.querySelectorAll("[data-upload]") ?? []) {
  const again = item.querySelector("input[type=file]");
  again.closest(".field").hidden = false;
  again.addEventListener("change", async () => {
    const [file] = again.files;
    if (!file) return;
    const mark = await fingerprint(file).catch(() => "");
    const same = item.dataset.fingerprint ? item.dataset.fingerprint === mark : Number(item.dataset.length) === file.size;
    if (!same) return tell(item.querySelector("[data-trouble]"), says.saysOther);
    if (item.dataset.consent) goOn(item, file);
    else await choose(file, mark, item);
  });
}

function goOn(item, file) {
  const url = item.dataset.upload;
  item.remove();
  if (!begun.querySelector("[data-upload]")) begun.hidden = true;
  start(url, file, null);
}

// --- one file under way -----------------------------------------------------------------------------------------------

function start(url, file, fields, consent = null) {
  const item = copy("[data-transfer]");
  item.querySelector("[data-name]").textContent = file.name;
  sending.hidden = false;
  list.append(item);
  const row = { item, url, file, fields, consent, samples: [], transfer: null };
  row.stop = item.querySelector("[data-stop]");
  row.stop.addEventListener("click", () => (row.transfer ? row.transfer.stop() : queue(row)));
  item.querySelector("[data-discard]").addEventListener("click", () => discard(row));
  item.querySelector("[data-take]").addEventListener("click", () => {
    row.fields = new URLSearchParams(row.fields ?? {});
    row.fields.set("even_damaged", "yes");
    queue(row);
  });
  queue(row);
}

function queue(row) {
  for (const one of row.item.querySelectorAll("[data-trouble], [data-take]")) one.hidden = true;
  row.transfer = new Transfer(row.url, row.file, (news) => draw(row, news));
  row.stop.textContent = says.saysStop;
  line(row, says.saysWaits);
  waiting.push(row);
  next();
}

async function next() {
  document.body.toggleAttribute("data-busy", active + waiting.length > 0);
  if (active >= AT_ONCE || !waiting.length) return;
  active++;
  const row = waiting.shift();
  try {
    received(row, await alone(row.url, () => row.transfer.run(row.fields)));
  } catch (error) {
    ended(row, error);
  } finally {
    row.transfer = null;
    active--;
    next();
  }
}

// Two windows must not send one file.
function alone(url, work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(`golosa ${url}`, { ifAvailable: true }, (lock) => {
    if (!lock) throw new Refused(423, { says: says.saysElsewhere });
    return work();
  });
}

function draw(row, news) {
  if (news.checks) return line(row, says.saysChecking);
  if (news.waits) {
    row.samples = [];
    return line(row, { lost: says.saysNoNetwork, "signed-out": says.saysSignedOut }[news.waits] ?? news.waits);
  }
  const now = performance.now(), { samples, file } = row;
  samples.push([now, news.sent]);
  while (samples.length > 2 && samples[0][0] < now - WINDOW) samples.shift();
  const speed = (news.sent - samples[0][1]) / Math.max(0.001, (now - samples[0][0]) / 1000);
  row.item.querySelector("progress").value = file.size ? news.sent / file.size : 1;
  return line(row, says.saysSent
    .replace("{percent}", Math.floor((news.sent / Math.max(1, file.size)) * 100))
    .replace("{speed}", (speed / 1e6).toFixed(1))
    .replace("{left}", speed > 0 ? clock((file.size - news.sent) / speed) : "…"));
}

function received(row, receipt) {
  row.item.querySelector("progress").value = 1;
  for (const one of row.item.querySelectorAll("progress, [data-line], [data-acts]")) one.hidden = true;
  const place = row.item.querySelector("[data-receipt]");
  for (const part of place.querySelectorAll("[data-fill]")) part.textContent = receipt[part.dataset.fill];
  place.hidden = false;
}

function ended(row, error) {
  row.stop.textContent = says.saysGoOn;
  if (error.name === "AbortError") return line(row, says.saysStopped);
  line(row, "");
  const told = error.told ?? {};
  const over = error.status === 404 || ["not-as-sent"].includes(told.error)
    || (told.error?.startsWith("sound-") && told.error !== "sound-damaged");
  row.item.querySelector("[data-acts]").hidden = over;
  if (over) again(row);
  row.item.querySelector("[data-take]").hidden = told.error !== "sound-damaged";
  const sentences = told.problems ? Object.values(told.problems).flat().join(" ") : told.says;
  const own = error instanceof Refused ? (error.status === 404 ? says.saysEnded : says.saysLost) : says.saysGone;
  return tell(row.item.querySelector("[data-trouble]"), error.status === 404 ? own : sentences || own);
}

async function discard(row) {
  row.transfer?.stop();
  const at = waiting.indexOf(row);
  if (at >= 0) waiting.splice(at, 1);
  try {
    await end(row.url);
    row.item.remove();
    again(row);
  } catch (error) {
    ended(row, error);
  }
}

addEventListener("beforeunload", (event) => {
  if (document.body.hasAttribute("data-busy")) event.preventDefault();
});

// --- small things -----------------------------------------------------------------------------------------------------

function copy(which) {
  return room.querySelector(`template${which}`).content.firstElementChild.cloneNode(true);
}

function line(row, text) {
  row.item.querySelector("[data-line]").textContent = text;
}

function tell(box, text) {
  box.textContent = text;
  box.hidden = !text;
}

function sentence(code) {
  return says[`says${code.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("")}`];
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function clock(seconds) {
  const whole = Math.ceil(seconds), hours = Math.floor(whole / 3600), rest = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
