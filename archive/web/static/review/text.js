// The transcript as it is shown: turns drawn anew, names in them, their tint. Typing in a turn is editing.js.
import { said } from "../follow.js";

export class Text {
  constructor(root, follower) {
    this.root = root;
    this.follower = follower;
    this.held = new Map(); // pieces for turns that somebody types in, drawn when that is done
  }

  turn(id) {
    return this.root.querySelector(`.turn[data-turn="${id}"]`);
  }

  get turns() {
    return [...this.root.querySelectorAll(".turn")];
  }

  // The turn before (-1) or after (1) another one; they lie in stretches that are drawn as a whole.
  beside(turn, step) {
    const turns = this.turns;
    return turns[turns.indexOf(turn) + step];
  }

  // What an answer says of turns.
  told(told) {
    for (const row of told.turns ?? []) this.#draw(row);
    if (told.turns?.length) this.#ordered(told.turns);
    if (told.names) for (const turn of this.turns) this.#names(turn, told.names[turn.dataset.turn]);
  }

  // A turn that was left alone because somebody typed in it.
  release(turn) {
    turn.classList.remove("editing");
    const row = this.held.get(turn.dataset.turn);
    this.held.delete(turn.dataset.turn);
    if (row) this.#fill(turn, row);
  }

  tint(decisions, only) {
    const wanted = only ? `.name[data-n="${only}"]` : ".name";
    for (const name of this.root.querySelectorAll(wanted)) name.dataset.decision = decisions.get(name.dataset.n) ?? "";
    this.decisions = decisions;
  }

  chosen(n) {
    for (const name of this.root.querySelectorAll(".name.chosen")) name.classList.remove("chosen");
    const names = [...this.root.querySelectorAll(`.name[data-n="${n}"]`)];
    for (const name of names) name.classList.add("chosen");
    return names;
  }

  #draw(row) {
    const there = this.turn(row.id);
    if (row.gone) return there?.remove();
    if (there) return this.#fill(there, row);
    const made = document.getElementById("turn").content.firstElementChild.cloneNode(true);
    made.dataset.turn = row.id;
    const before = row.after && this.turn(row.after);
    if (before) before.after(made);
    else this.root.querySelector(".stretch").prepend(made);
    this.#fill(made, row);
  }

  #fill(turn, row) {
    Object.assign(turn.dataset, { start: row.start, end: row.end, speaker: row.label });
    const time = turn.querySelector(".time");
    time.textContent = row.time;
    time.href = `#t=${row.start.toFixed(2)}`;
    turn.querySelector(".who").textContent = row.who;
    turn.querySelector(".flag")?.remove();
    if (turn.classList.contains("editing")) return this.held.set(row.id, row);
    const text = said(turn);
    text.lang = row.language;
    text.dataset.times = row.times;
    text.times = undefined;
    text.replaceChildren(...this.#pieces(row.pieces));
  }

  // Turns without names in the answer become plain text again; the one that is being typed in is left alone.
  #names(turn, pieces) {
    const text = said(turn);
    if (turn.classList.contains("editing")) return this.#hold(turn.dataset.turn, pieces);
    if (!pieces && !text.firstElementChild) return;
    if (pieces) text.replaceChildren(...this.#pieces(pieces));
    else text.replaceChildren(text.textContent);
  }

  // Names in the text as it was saved while somebody types on.
  #hold(id, pieces) {
    const row = this.held.get(id);
    const same = row && pieces && row.pieces.map((piece) => piece.text).join("") === pieces.map((piece) => piece.text).join("");
    if (same) this.held.set(id, { ...row, pieces });
  }

  #pieces(pieces) {
    return pieces.map((piece) => {
      if (!piece.kind) return piece.text;
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = piece.text;
      Object.assign(name.dataset, { n: piece.number, t: piece.start, decision: this.decisions?.get(String(piece.number)) ?? "" });
      return name;
    });
  }

  // Who speaks stands where it changes; the follower has to know the turns that there are.
  #ordered(rows) {
    const turns = this.turns;
    const drawn = new Set(rows.map((row) => row.id));
    const gone = rows.some((row) => row.gone);
    turns.forEach((turn, at) => {
      const before = turns[at - 1];
      if (gone || drawn.has(turn.dataset.turn) || drawn.has(before?.dataset.turn)) this.#speaker(turn, before);
    });
    this.follower.refresh(turns);
  }

  #speaker(turn, before) {
    turn.querySelector(".who").hidden = !turn.dataset.speaker || before?.dataset.speaker === turn.dataset.speaker;
  }
}
