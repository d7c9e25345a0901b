// What stands beside the people: doubts to be heard, concealing what is selected, find and replace, speakers.
import { mark, said, wordRange } from "../follow.js";

const AROUND = 1.5;

export class Doubts {
  constructor({ sender, player, text }) {
    Object.assign(this, { sender, player, text, at: null });
    this.list = document.querySelector("[data-doubts]");
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("li");
      if (item) this.#show(item);
    });
  }

  told(told) {
    if (told.doubts) this.#drawAll(told.doubts);
    const heard = Object.entries(told.heard ?? {}).filter(([, yes]) => yes).map(([turn]) => turn);
    const changed = (told.turns ?? []).map((row) => row.id);
    for (const item of [...this.list.children]) if ([...heard, ...changed].includes(item.dataset.turn)) item.remove();
    for (const turn of heard) this.text.turn(turn)?.querySelector(".flag")?.remove();
    document.querySelector("[data-doubts-left]").textContent = this.list.childElementCount;
  }

  next() {
    const items = [...this.list.children];
    const from = items.indexOf(this.at);
    this.#show(items[from + 1] ?? items[0]);
  }

  // Somebody heard the turn: what stands there is said there.
  async heard(turn) {
    const id = this.at?.isConnected ? this.at.dataset.turn : turn?.dataset.turn;
    if (!id) return;
    const following = this.at && [...this.list.children].slice([...this.list.children].indexOf(this.at)).find((item) => item.dataset.turn !== id);
    const told = await this.sender.send(this.sender.says.listened, { turn: id });
    if (told.ok && following?.isConnected) this.#show(following);
  }

  #show(item) {
    if (!item) return;
    this.at?.removeAttribute("aria-current");
    item.setAttribute("aria-current", "true");
    this.at = item;
    item.scrollIntoView({ block: "nearest" });
    const turn = this.text.turn(item.dataset.turn);
    turn?.scrollIntoView({ block: "center" });
    if (turn) mark("cited", [wordRange(said(turn), Number(item.dataset.word))]);
    const start = Number(item.dataset.start);
    this.player.seek(Math.max(0, start - AROUND), { play: true, until: start + 2 * AROUND });
  }

  #drawAll(rows) {
    if (rows.length === this.list.childElementCount && rows.every((row, at) => this.list.children[at].dataset.turn === row.turn && this.list.children[at].dataset.word === String(row.word))) return;
    const words = new Map([...this.list.querySelectorAll("li")].map((item) => [item.dataset.turn + item.dataset.word, item]));
    this.list.replaceChildren(...rows.map((row) => words.get(row.turn + row.word) ?? this.#draw(row)));
  }

  #draw(row) {
    const item = document.createElement("li");
    Object.assign(item.dataset, { turn: row.turn, word: row.word, start: row.start });
    const time = Object.assign(document.createElement("a"), { className: "num", href: `#t=${row.start.toFixed(2)}`, textContent: row.time });
    const text = Object.assign(document.createElement("span"), { className: "forms", lang: row.language, textContent: row.text });
    item.append(time, " ", text);
    return item;
  }
}

export function concealing({ sender }) {
  const float = document.querySelector("[data-float]");
  const form = document.querySelector("[data-conceal-form]");
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    const text = chosen.toString().trim();
    const inside = chosen.rangeCount && chosen.anchorNode?.parentElement?.closest(".said");
    const short = text && text.length <= 100 && text.split(/\s+/).length <= 5;
    float.hidden = !(inside && short);
    if (float.hidden) return;
    form.elements.selection.value = text;
    float.textContent = sender.says.saysSelection.replace("{text}", text);
    const box = chosen.getRangeAt(0).getBoundingClientRect();
    float.style.insetInlineStart = `${Math.max(8, Math.min(box.left, innerWidth - float.offsetWidth - 8))}px`;
    float.style.insetBlockStart = `${Math.min(box.bottom + 6, innerHeight - float.offsetHeight - 8)}px`;
  });
  float.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  float.addEventListener("click", () => form.requestSubmit());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const selection = form.elements.selection.value.trim();
    if (!selection) return;
    form.reset();
    getSelection().removeAllRanges();
    float.hidden = true;
    const told = await sender.send(`${sender.says.change}conceal`, { selection });
    if (!told.ok) form.elements.selection.value = selection;
  });
}

export function replacing({ sender }) {
  const form = document.querySelector("[data-replace-form]");
  const words = form.querySelector("[data-count-words]");
  let timer = null;
  form.elements.find.addEventListener("input", () => {
    clearTimeout(timer);
    words.textContent = "";
    timer = setTimeout(async () => {
      const find = form.elements.find.value;
      const told = find.trim() && await sender.ask(sender.says.count, { find });
      if (told && find === form.elements.find.value) words.textContent = sender.says.saysCount.replace("{count}", told.count);
    }, 300);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = await sender.send(`${sender.says.change}replace`, { find: form.elements.find.value, put: form.elements.put.value });
    if (told.ok) form.reset();
    words.textContent = told.ok ? "" : told.says;
  });
}

export class Speakers {
  constructor({ sender }) {
    this.sender = sender;
    this.list = document.querySelector("[data-speakers]");
    this.list.addEventListener("submit", (event) => {
      event.preventDefault();
      const { old, new: label } = event.target.elements;
      if (old.value !== label.value.trim()) sender.send(`${sender.says.change}speakers`, { old: old.value, new: label.value });
    });
  }

  told(told) {
    if (!told.speakers) return;
    this.list.replaceChildren(...told.speakers.map((label) => {
      const item = document.getElementById("speaker").content.firstElementChild.cloneNode(true);
      const { old, new: field } = item.querySelector("form").elements;
      old.value = field.value = label;
      return item;
    }));
  }
}
