import "./consent.js";

// Sends the form with a progress line; where this script does not run, the form sends itself.
const form = document.querySelector("[data-intake]");
const line = form.querySelector("[data-line]");
const sending = form.querySelector("[data-sending]");
const button = form.querySelector("button.act");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const box of form.querySelectorAll("[data-problem]")) box.hidden = true;
  const request = new XMLHttpRequest();
  const began = performance.now();
  request.upload.addEventListener("progress", (sent) => progress(sent, (performance.now() - began) / 1000));
  request.upload.addEventListener("load", () => { line.textContent = form.dataset.saysChecking; });
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => fail(form.dataset.saysLost));
  request.open("POST", location.pathname);
  request.setRequestHeader("Accept", "application/json");
  sending.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
});

addEventListener("beforeunload", (event) => {
  if (button.disabled) event.preventDefault();
});

function progress(sent, seconds) {
  sending.querySelector("progress").value = sent.loaded / sent.total;
  const speed = sent.loaded / seconds;
  const left = Math.ceil((sent.total - sent.loaded) / speed);
  line.textContent = form.dataset.saysSent
    .replace("{percent}", Math.floor((sent.loaded / sent.total) * 100))
    .replace("{speed}", (speed / 1e6).toFixed(1))
    .replace("{left}", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
}

function answered(request) {
  let told = {};
  try { told = JSON.parse(request.responseText); } catch { /* a proxy answered, not the archive */ }
  if (request.status === 200) return received(told);
  if (told.problems) {
    for (const [field, sentences] of Object.entries(told.problems)) show(field, sentences.join(" "));
    return fail("");
  }
  return fail(told.says || form.dataset.saysLost);
}

function received(told) {
  button.disabled = false;
  const receipt = document.getElementById("receipt");
  for (const [name, value] of Object.entries(told)) {
    const place = receipt.querySelector(`[data-fill="${name}"]`);
    if (place) place.textContent = value;
  }
  form.hidden = true;
  receipt.hidden = false;
  receipt.focus();
}

function fail(sentence) {
  sending.hidden = true;
  button.disabled = false;
  if (sentence) show("", sentence);
  form.querySelector("[data-problem]:not([hidden])")?.scrollIntoView({ block: "center" });
}

function show(field, sentence) {
  const box = form.querySelector(`[data-problem="${field === "null" ? "" : field}"]`) ?? form.querySelector('[data-problem=""]');
  box.textContent = sentence;
  box.hidden = false;
}
