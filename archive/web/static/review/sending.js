// Sending changes: one at a time, each on the version that the page shows, each with a token of its own. What the
// server has not acknowledged is sent again until it has: a lost answer, a lost network or a lost session lose no change.

const RETRY = 4000;

export class Sender extends EventTarget {
  constructor(page) {
    super();
    this.says = page.dataset;
    this.version = Number(page.dataset.version);
    this.csrf = page.dataset.csrf;
    this.waiting = 0; // changes that the server has not answered for
    this.queue = Promise.resolve();
    addEventListener("beforeunload", (event) => { if (this.waiting) event.preventDefault(); });
  }

  // Resolves to the answer: {ok, ...}. A change that others' changes forbid is not written: {ok: false, error: "conflict"}.
  send(url, fields) {
    this.waiting += 1;
    const token = crypto.randomUUID();
    const answered = this.queue.then(() => this.#attempt(url, { ...fields, token })).finally(() => { this.waiting -= 1; });
    this.queue = answered.catch(() => {});
    return answered;
  }

  // Asks without changing anything and without waiting in the queue.
  async ask(url, fields) {
    const answer = await this.#post(url, fields).catch(() => null);
    return answer?.ok ? answer.json() : null;
  }

  // What others changed, when an answer knows of a newer version than the page shows.
  async catchUp() {
    if (this.waiting) return;
    const answer = await fetch(`${location.pathname}?since=${this.version}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || this.waiting) return;
    this.#take(await answer.json());
  }

  status(sentence) {
    document.querySelector("[data-saved]").textContent = sentence;
  }

  async #attempt(url, fields) {
    this.status(this.says.saysSaving);
    let answer;
    let told = {};
    try {
      answer = await this.#post(url, { ...fields, version: this.version });
      told = await answer.json();
    } catch {
      return this.#again(this.says.saysLost, url, fields);
    }
    if (answer.status === 401) return this.#again(this.says.saysOut, url, fields);
    if (told.error === "stale-page" && await this.#signedInAgain()) return this.#attempt(url, fields);
    if (answer.status >= 500) return this.#again(told.says ?? this.says.saysLost, url, fields);
    if (told.version) this.#take(told);
    this.status(answer.ok ? [told.says, told.saved].filter(Boolean).join(" ") : told.says ?? String(answer.status));
    return { ...told, ok: answer.ok };
  }

  #take(told) {
    this.dispatchEvent(new CustomEvent("told", { detail: told }));
    this.version = told.version;
  }

  async #again(sentence, url, fields) {
    this.status(sentence);
    await new Promise((done) => { setTimeout(done, RETRY); });
    return this.#attempt(url, fields);
  }

  // Whoever signed in again in another tab has another form token.
  async #signedInAgain() {
    const answer = await fetch(`${location.pathname}?since=${this.version}`, { headers: { Accept: "application/json" } }).catch(() => null);
    const fresh = answer?.ok && (await answer.json()).csrf;
    const changed = Boolean(fresh) && fresh !== this.csrf;
    if (changed) this.csrf = fresh;
    return changed;
  }

  #post(url, fields) {
    const body = new URLSearchParams({ ...fields, csrf_token: this.csrf });
    return fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  }
}
