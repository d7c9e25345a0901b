// Text that follows a player: the word that is heard, a click on a word, links like #t=754,791, found passages.
// Words are not elements: they are ranges found from the times in data-times, shown through CSS.highlights.

import { timecode } from "./player.js";

const marks = globalThis.CSS?.highlights;
const PASSAGE = /^#t=(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?[.,;:)\]»”"']*$/; // a citation's, with what followed it in its sentence
const PATIENCE = 4000; // ms after the reader's own scrolling in which the page does not scroll by itself

export class Follower {
  constructor(player, root = document) {
    this.player = player;
    this.refresh([...root.querySelectorAll(".turn")]);
    this.current = null;
    this.word = -1;
    this.scrolled = 0;
    if (player) player.addEventListener("moved", (event) => this.at(event.detail));
    for (const name of ["wheel", "touchmove", "keydown"]) {
      addEventListener(name, () => { this.scrolled = Date.now(); }, { passive: true });
    }
    root.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("hashchange", () => this.fromAddress(true));
    this.fromAddress(false);
  }

  // The turns that there are, when some were cut or put together.
  refresh(turns) {
    this.turns = turns;
    this.starts = turns.map((turn) => Number(turn.dataset.start));
    this.word = -1;
  }

  // The turn that is heard at a second: the last one that has begun.
  turnAt(seconds) {
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= seconds + 0.01) low = middle + 1;
      else high = middle;
    }
    return this.turns[low - 1] ?? null;
  }

  at(seconds) {
    const turn = this.turnAt(seconds);
    if (turn !== this.current) {
      this.current?.classList.remove("heard");
      turn?.classList.add("heard");
      this.current = turn;
      this.word = -1;
      if (turn && this.player?.playing) this.#show(turn);
    }
    if (!turn) return;
    const times = timesOf(said(turn));
    let index = times.findIndex((time) => time > seconds + 0.01) - 1;
    if (index < -1) index = times.length - 1;
    if (index !== this.word) {
      this.word = index;
      mark("now", index < 0 ? [] : [wordRange(said(turn), index)]);
    }
  }

  fromAddress(play) {
    const { passage } = document.querySelector("main").dataset; // where no script might run, the server leads there
    const found = PASSAGE.exec(location.hash === "#passage" ? `#t=${passage}` : decoded(location.hash));
    if (!found) return;
    const [start, end] = [Number(found[1]), found[2] ? Number(found[2]) : null];
    mark("cited", end === null ? [] : this.rangesBetween(start, end));
    const turn = this.turnAt(start);
    turn?.scrollIntoView({ block: "center" });
    this.player?.seek(start, { play });
    this.at(start);
  }

  rangesBetween(start, end) {
    const ranges = [];
    for (const turn of this.turns) {
      if (Number(turn.dataset.end) < start || Number(turn.dataset.start) >= end) continue;
      const times = timesOf(said(turn));
      const inside = times.map((time, index) => index).filter((index) => times[index] >= start - 0.01 && times[index] < end);
      if (inside.length) ranges.push(wordRange(said(turn), inside[0], inside.at(-1)));
    }
    return ranges;
  }

  // Seconds of the selection, or null: where its first word begins and the word after its last one does.
  selected() {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    const turns = this.turns.filter((turn) => range.intersectsNode(said(turn)));
    const within = turns.filter((turn) => offsetsIn(said(turn), range));
    if (!within.length) return null;
    const [first, last] = [within[0], within.at(-1)];
    const from = wordAt(said(first), offsetsIn(said(first), range)[0]);
    const to = wordAt(said(last), offsetsIn(said(last), range)[1] - 1);
    const ends = [...timesOf(said(last)), Number(last.dataset.end)];
    return { start: timesOf(said(first))[from], end: Math.max(ends[to + 1], ends[to] + 0.1), text: within.map((turn) => said(turn).textContent.slice(...offsetsIn(said(turn), range))).join("\n") };
  }

  #clicked(event) {
    const text = event.target.closest?.(".said");
    if (!text || event.detail > 1 || !getSelection().isCollapsed || text.closest(".editing, .passage")) return;
    const place = caret(event);
    if (!place || !text.contains(place.node) || event.target.closest(".name")) return;
    const time = timesOf(text)[wordAt(text, offsetIn(text, place.node, place.offset))];
    this.player?.seek(time, { play: this.player.playing });
    this.at(time);
  }

  #show(turn) {
    const box = turn.getBoundingClientRect();
    const away = box.top < 80 || box.bottom > innerHeight - 140;
    if (away && Date.now() - this.scrolled > PATIENCE) turn.scrollIntoView({ block: "center" });
  }
}

export function said(turn) {
  return turn.querySelector(".said");
}

export function timesOf(text) {
  text.times ??= text.dataset.times.split(" ").map(Number);
  return text.times;
}

// The second at which the word at an offset starts.
export function timeOf(text, offset) {
  return timesOf(text)[wordAt(text, offset)];
}

// The words from the first to the last index as one range.
export function wordRange(text, first, last = first) {
  const words = text.textContent.split(" ");
  const start = words.slice(0, first).reduce((sum, word) => sum + word.length + 1, 0);
  const length = words.slice(first, last + 1).join(" ").length;
  return rangeOf(text, start, start + length);
}

export function rangeOf(text, start, end) {
  const range = document.createRange();
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let edge = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const next = edge + node.length;
    if (start >= edge && start <= next) range.setStart(node, start - edge);
    if (end >= edge && end <= next) {
      range.setEnd(node, end - edge);
      break;
    }
    edge = next;
  }
  return range;
}

export function mark(name, ranges) {
  if (!marks) return;
  if (ranges.length) marks.set(name, new Highlight(...ranges));
  else marks.delete(name);
}

// The address of a passage, to be quoted: this page in this version with its seconds.
export function link(selection, version) {
  return `${location.origin}${location.pathname}?v=${version}#t=${selection.start.toFixed(2)},${selection.end.toFixed(2)}`;
}

export { timecode };

function wordAt(text, offset) {
  return text.textContent.slice(0, Math.max(0, offset)).split(" ").length - 1;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function offsetIn(text, node, offset) {
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

function offsetsIn(text, range) {
  const inside = document.createRange();
  inside.selectNodeContents(text);
  if (range.compareBoundaryPoints(Range.START_TO_START, inside) > 0) inside.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, inside) < 0) inside.setEnd(range.endContainer, range.endOffset);
  if (!inside.toString().trim()) return null;
  const start = offsetIn(text, inside.startContainer, inside.startOffset);
  return [start, start + inside.toString().length];
}

function caret(event) {
  if (document.caretPositionFromPoint) {
    const place = document.caretPositionFromPoint(event.clientX, event.clientY);
    return place && { node: place.offsetNode, offset: place.offset };
  }
  const range = document.caretRangeFromPoint?.(event.clientX, event.clientY);
  return range && { node: range.startContainer, offset: range.startOffset };
}
