// Typing in a turn: saved two seconds after the last key, cut with Enter, joined with Backspace, kept when somebody else
// changed it meanwhile. What is typed from opening a turn to leaving it is one step to undo.
import { said } from "../follow.js";

const PAUSE = 2000;

export class Editing {
  constructor({ sender, player, text }) {
    Object.assign(this, { sender, player, text, timer: null, open: null, pausedByTyping: false });
    addEventListener("beforeunload", (event) => { if (this.timer) event.preventDefault(); });
  }

  edit(turn, caret = null) {
    if (!turn) return;
    if (turn.classList.contains("editing")) return turn.querySelector("textarea").focus();
    this.close();
    const form = document.getElementById("editor").content.firstElementChild.cloneNode(true);
    const field = form.querySelector("textarea");
    field.value = said(turn).textContent;
    field.lang = said(turn).lang;
    turn.classList.add("editing");
    turn.append(form);
    this.open = { turn, form, field, session: crypto.randomUUID(), saved: field.value, problem: false };
    field.focus({ preventScroll: true });
    if (caret !== null) field.setSelectionRange(caret, caret);
    turn.scrollIntoView({ block: "nearest" });
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("keydown", (event) => this.#key(event));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("click", (event) => this.#pressed(event));
  }

  // Saves what was typed and shows the turn as it is; stays open where somebody has to look at it.
  async close() {
    const open = this.open;
    if (!open) return;
    await this.save();
    if (open.problem || this.open !== open) return;
    this.#shut(open);
  }

  save() {
    clearTimeout(this.timer);
    this.timer = null;
    const open = this.open;
    const text = open ? words(open.field.value) : "";
    if (!open || !text || text === open.saved) return Promise.resolve();
    open.saved = text;
    open.saving = this.#send(open, text);
    return open.saving;
  }

  async speaker(turn, number) {
    if (!turn) return;
    const label = [...document.querySelectorAll("[data-speakers] input[name=old]")][number - 1]?.value ?? `S${number}`;
    await this.sender.send(`${this.sender.says.change}speaker`, { turn: turn.dataset.turn, speaker: label });
  }

  async #send(open, text) {
    const told = await this.sender.send(`${this.sender.says.change}text`, { turn: open.turn.dataset.turn, text, session: open.session });
    open.problem = !told.ok;
    const theirs = open.form.querySelector("[data-theirs]");
    const problem = open.form.querySelector("[data-problem]");
    theirs.hidden = problem.hidden = true;
    if (told.ok) return;
    open.saved = null;
    const row = told.error === "conflict" && told.turns?.find((one) => one.id === open.turn.dataset.turn);
    if (row && !row.gone) {
      open.theirs = row.pieces.map((piece) => piece.text).join("");
      theirs.querySelector("[data-theirs-text]").textContent = open.theirs;
      theirs.hidden = false;
    } else {
      problem.textContent = told.says;
      problem.hidden = false;
    }
  }

  #pressed(event) {
    const open = this.open;
    if (event.target.closest("[data-done]")) return this.close();
    if (event.target.closest("[data-keep-mine]")) return this.save();
    if (!event.target.closest("[data-take-theirs]")) return;
    open.field.value = open.saved = open.theirs;
    open.problem = false;
    open.form.querySelector("[data-theirs]").hidden = true;
    open.field.focus();
  }

  #shut(open) {
    open.form.remove();
    this.open = null;
    const text = said(open.turn);
    if (!this.text.held.has(open.turn.dataset.turn) && open.saved !== null && text.textContent !== open.saved) text.textContent = open.saved;
    this.text.release(open.turn);
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    this.#pauseWhileTyping();
  }

  #key(event) {
    if (event.isComposing) return;
    const { field } = this.open;
    const at = field.selectionStart;
    const collapsed = at === field.selectionEnd;
    if (event.key === "Enter") {
      event.preventDefault();
      this.#enter(field.value.slice(0, at), field.value.slice(field.selectionEnd));
    } else if (event.key === "Backspace" && collapsed && at === 0) {
      event.preventDefault();
      this.#join();
    }
  }

  // Cut where the caret is; at either end of the turn there is nothing to cut, and Enter leaves it.
  async #enter(left, right) {
    const [first, second] = [words(left), words(right)];
    const open = this.open;
    if (!first || !second) return this.close();
    open.field.value = `${first} ${second}`;
    await this.save();
    if (open.problem) return;
    this.#shut(open);
    const told = await this.sender.send(`${this.sender.says.change}split`, { turn: open.turn.dataset.turn, at: first.split(" ").length });
    if (told.ok) this.edit(this.text.beside(open.turn, 1), 0);
  }

  async #join() {
    const open = this.open;
    const before = this.text.beside(open.turn, -1);
    if (!before) return;
    await this.save();
    if (open.problem) return;
    this.#shut(open);
    const caret = said(before).textContent.length + 1;
    const told = await this.sender.send(`${this.sender.says.change}join`, { turn: open.turn.dataset.turn });
    if (told.ok) this.edit(before, caret);
  }

  // The sound pauses while somebody types and goes on two seconds after the last key.
  #pauseWhileTyping() {
    clearTimeout(this.goOn);
    if (this.player.playing) {
      this.pausedByTyping = true;
      this.player.audio.pause();
    }
    if (this.pausedByTyping) this.goOn = setTimeout(() => { this.pausedByTyping = false; this.player.toggle(); }, PAUSE);
  }
}

function words(text) {
  return text.split(/\s+/).filter(Boolean).join(" ");
}
