// A small client of tus 1.0 (https://tus.io/protocols/resumable-upload). It goes on from the last byte after a lost
// network and a killed server; which upload belongs to which file is for its caller to know.
import { digestOf } from "./sha256.js";

const VERSION = "1.0.0";
const SMALLEST = 256 * 1024;
const LARGEST = 16 << 20;
const QUICK = 1_500; // a piece should take about so many milliseconds: that is what a lost network costs
const LONGEST_WAIT = 20_000;
const PASSING = new Set([401, 408, 409, 423, 425, 429, 460, 500, 502, 503, 504, 507]);

// An answer that no other try will change; `told` is what the server said.
export class Refused extends Error {
  constructor(status, told) {
    super(`status ${status}`);
    this.status = status;
    this.told = told;
  }
}

// The form token of whoever is signed in now. After a new sign-in the old one is worth nothing.
class Token {
  #value = document.querySelector("input[name=csrf_token]")?.value ?? "";

  get value() {
    return this.#value;
  }

  async renew() {
    const page = await (await fetch("/interviews/new", { cache: "no-store" })).text();
    this.#value = /name="csrf_token" value="([^"]+)"/.exec(page)?.[1] ?? this.#value;
  }
}

export const token = new Token();

// Announces a file, with the form of consent if there is one; the upload's address.
export async function create(file, metadata, form) {
  const pairs = Object.entries(metadata).map(([key, value]) => `${key} ${base64(new TextEncoder().encode(value))}`);
  const body = form ? new URLSearchParams([...form].filter(([, value]) => typeof value === "string")) : null;
  const answer = await fetch("/uploads", {
    method: "POST",
    body,
    headers: { ...common(), "Upload-Length": file.size, "Upload-Metadata": pairs.join(",") },
  });
  if (answer.status !== 201) throw await refusal(answer);
  return answer.headers.get("Location");
}

// Destroys what has arrived; what is gone already is no error.
export async function end(url) {
  for (let left = 10; ; left--) {
    const answer = await fetch(url, { method: "DELETE", headers: common() });
    if (answer.ok || answer.status === 404) return;
    if (answer.status !== 423 || !left) throw await refusal(answer);
    await new Promise((resolve) => setTimeout(resolve, 300)); // the piece that was stopped is still being kept
  }
}

// Sends a file to an upload, from wherever that is. `tell` hears {sent}, {waits: reason}, {checks}.
export class Transfer {
  #piece = 1 << 20;
  #wait = 0;
  #halt = new AbortController();

  constructor(url, file, tell) {
    this.url = url;
    this.file = file;
    this.tell = tell;
  }

  stop() {
    this.#halt.abort();
  }

  // Sends what is missing, then has it entered; the receipt. Throws Refused, or AbortError after stop().
  async run(form) {
    const digest = digestOf(this.file, () => this.#goesOn());
    digest.catch(() => {}); // it is awaited below; a failure must not count as unhandled until then
    let offset = await this.#patiently(() => this.#offset());
    this.tell({ sent: offset });
    while (offset < this.file.size) offset = await this.#patiently(() => this.#send(offset), () => this.#offset());
    this.tell({ checks: true });
    const sha256 = await digest;
    const receipt = await this.#patiently(() => this.#finish(sha256, form));
    if (receipt.sha256 !== sha256) throw new Refused(0, {});
    return receipt;
  }

  // Tries until it succeeds or is refused for good; `again` is what to do after a failure instead.
  async #patiently(attempt, again = attempt) {
    let next = attempt;
    for (;;) {
      this.#goesOn();
      try {
        const found = await next();
        this.#wait = 0;
        return found;
      } catch (error) {
        if (!(await this.#mayPass(error))) throw error;
        next = again;
      }
    }
  }

  async #mayPass(error) {
    if (error.name === "AbortError" || error.name === "NotReadableError" || error.name === "NotFoundError") return false;
    if (error instanceof Refused && !PASSING.has(error.status) && error.told.error !== "stale-page") return false;
    this.#piece = Math.max(SMALLEST, this.#piece / 2);
    if (error.status === 409 && this.#wait === 0) return true; // ask again where it is
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2 || 500);
    this.tell({ waits: error.status === 401 ? "signed-out" : error.told?.says || "lost" });
    await this.#pause(this.#wait);
    if (error.status === 401 || error.told?.error === "stale-page") await token.renew().catch(() => {});
    return true;
  }

  // A while, shorter if the network comes back.
  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds * (0.75 + Math.random() / 2));
      const halt = this.#halt.signal;
      addEventListener("online", done);
      halt.addEventListener("abort", done);
      function done() {
        clearTimeout(timer);
        removeEventListener("online", done);
        halt.removeEventListener("abort", done);
        resolve();
      }
    });
  }

  async #offset() {
    const answer = await fetch(this.url, { method: "HEAD", headers: common(), signal: this.#halt.signal });
    if (!answer.ok) throw await refusal(answer);
    return Number(answer.headers.get("Upload-Offset"));
  }

  async #send(offset) {
    const bytes = await this.file.slice(offset, offset + this.#piece).arrayBuffer();
    const headers = { ...common(), "Content-Type": "application/offset+octet-stream", "Upload-Offset": offset };
    if (globalThis.crypto?.subtle) { // not on pages that the browser holds for insecure; the whole is compared anyway
      headers["Upload-Checksum"] = `sha256 ${base64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))}`;
    }
    const began = performance.now();
    const arrived = await this.#patch(bytes, headers, offset);
    this.tell({ sent: arrived });
    const wanted = this.#piece * QUICK / Math.max(1, performance.now() - began);
    this.#piece = Math.min(LARGEST, Math.max(SMALLEST, Math.min(2 * this.#piece, wanted)));
    this.#piece -= this.#piece % 65_536;
    return arrived;
  }

  // XMLHttpRequest, because fetch does not tell how much of a body has left.
  #patch(bytes, headers, offset) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const halt = () => request.abort();
      this.#halt.signal.addEventListener("abort", halt);
      request.upload.addEventListener("progress", (sent) => this.tell({ sent: offset + sent.loaded }));
      request.addEventListener("loadend", () => {
        this.#halt.signal.removeEventListener("abort", halt);
        if (request.status === 204) return resolve(Number(request.getResponseHeader("Upload-Offset")));
        if (this.#halt.signal.aborted) return reject(new DOMException("stopped", "AbortError"));
        let told = {};
        try { told = JSON.parse(request.responseText); } catch { /* no answer, or a proxy's */ }
        return reject(request.status ? new Refused(request.status, told) : new TypeError("no answer"));
      });
      request.open("PATCH", this.url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.send(bytes);
    });
  }

  async #finish(sha256, form) {
    const body = new URLSearchParams(form ?? {});
    body.set("sha256", sha256);
    const answer = await fetch(`${this.url}/finish`, { method: "POST", body, headers: common(), signal: this.#halt.signal });
    if (!answer.ok) throw await refusal(answer);
    return answer.json();
  }

  #goesOn() {
    this.#halt.signal.throwIfAborted();
  }
}

function common() {
  return { "Tus-Resumable": VERSION, "X-CSRFToken": token.value, Accept: "application/json" };
}

async function refusal(answer) {
  return new Refused(answer.status, await answer.json().catch(() => ({})));
}

function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}
