// A player over one <audio>: transport, waveform, keys. It knows nothing about text; see follow.js.
// The <audio> keeps its own controls where this script does not run.

const BAR = 3; // CSS pixels of one bar of the waveform
const REWIND = 2; // seconds: listening goes on a little before the place where it was paused, not before one that was chosen
const AGAIN = 3; // seconds heard once more
const SLOWER = 0.75; // of the speed

export function timecode(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export class Player extends EventTarget {
  constructor(root) {
    super();
    this.root = root;
    this.audio = root.querySelector("audio");
    this.slider = root.querySelector("input[type=range]");
    this.button = root.querySelector("[data-play]");
    this.words = root.querySelector("[role=status]");
    this.seconds = Number(root.dataset.seconds) || 0;
    this.until = Infinity;
    this.pausedAt = null;
    this.begun = false; // whether anything was heard or chosen yet
    this.peaks = null;
    this.ticks = [];
    this.masked = stretches(root.dataset.masked);
    this.audio.controls = false;
    root.querySelector(".transport").hidden = false;
    this.#wire();
    this.#draw();
    if (root.dataset.peaks) this.load(root.dataset.peaks);
  }

  get time() { return this.audio.currentTime; }
  get playing() { return !this.audio.paused; }

  toggle() {
    if (this.playing) {
      this.audio.pause();
    } else {
      if (this.time === this.pausedAt && !this.audio.ended) this.audio.currentTime = Math.max(0, this.time - REWIND);
      this.play();
    }
  }

  play(until = Infinity) {
    this.until = until;
    return this.audio.play().catch(() => {}); // a browser may refuse sound before the first click: nothing to mend
  }

  // The last seconds once more, slower, then on as before.
  slower() {
    const [from, rate] = [this.time, this.audio.playbackRate];
    if (this.again) return;
    this.again = () => {
      if (this.time < from && this.playing) return;
      this.audio.removeEventListener("timeupdate", this.again);
      this.again = null;
      this.audio.playbackRate = rate;
    };
    this.audio.playbackRate = Math.max(0.5, rate * SLOWER);
    this.seek(from - AGAIN, { play: true });
    this.audio.addEventListener("timeupdate", this.again);
  }

  seek(seconds, { play = false, until = Infinity } = {}) {
    this.begun = true;
    this.audio.currentTime = Math.max(0, seconds);
    this.until = until;
    this.#moved();
    if (play) this.play(until);
  }

  // Another recording: the search page plays hits of many interviews in one player.
  use(src, peaks, seconds) {
    if (this.audio.getAttribute("src") === src) return;
    this.audio.src = src;
    this.words.textContent = "";
    this.seconds = Number(seconds) || 0;
    this.slider.max = this.seconds || 1;
    this.root.querySelector("[data-total]").textContent = timecode(this.seconds);
    this.peaks = null;
    if (peaks) this.load(peaks);
  }

  async load(url) {
    const answer = await fetch(url);
    if (!answer.ok) return;
    this.peaks = new Uint8Array(await answer.arrayBuffer());
    this.#paint();
  }

  mark(ticks) {
    this.ticks = ticks;
    this.#paint();
  }

  #wire() {
    this.button.addEventListener("click", () => this.toggle());
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value), { play: this.playing }));
    this.audio.addEventListener("timeupdate", () => this.#moved());
    this.audio.addEventListener("loadedmetadata", () => {
      if (!this.seconds && Number.isFinite(this.audio.duration)) this.seconds = this.slider.max = this.audio.duration;
      this.#moved();
    });
    for (const name of ["play", "pause"]) this.audio.addEventListener(name, () => this.#turned());
    this.audio.addEventListener("error", () => this.#failed());
    const speed = this.root.querySelector("[data-speed]");
    speed.addEventListener("change", () => { this.audio.playbackRate = Number(speed.value); });
    this.audio.preservesPitch = true;
    document.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#paint()).observe(this.slider.parentElement);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
  }

  // Why there is no sound, in the server's words: an <audio> does not tell them.
  async #failed() {
    const answer = await fetch(this.audio.src, { headers: { Accept: "application/json", Range: "bytes=0-0" } }).catch(() => null);
    const told = answer && !answer.ok ? await answer.json().catch(() => null) : null;
    this.words.textContent = told?.says ?? "";
  }

  #key(event) {
    const hold = event.ctrlKey && !event.altKey && !event.metaKey;
    const toggles = (event.code === "Space" && hold) || (event.code === "KeyK" && event.altKey);
    const step = hold && { ArrowLeft: -5, ArrowRight: 5 }[event.code];
    const typing = event.target.closest("input:not([type=range]), textarea, select");
    if (toggles) this.toggle();
    else if (step && !typing) this.seek(this.time + step, { play: this.playing });
    else return;
    event.preventDefault();
  }

  #turned() {
    this.begun = true;
    if (!this.playing) this.pausedAt = this.time;
    this.root.classList.toggle("playing", this.playing);
    this.button.setAttribute("aria-label", this.playing ? this.root.dataset.saysPause : this.root.dataset.saysPlay);
    this.#draw();
  }

  // Between two timeupdate events lie 250 ms: too coarse to follow words, so each frame while it plays.
  #draw() {
    if (!this.playing) return;
    this.#moved();
    requestAnimationFrame(() => this.#draw());
  }

  #moved() {
    if (this.time >= this.until) {
      this.until = Infinity;
      this.audio.pause();
    }
    const shown = timecode(this.time);
    const now = this.root.querySelector("[data-now]");
    if (now.textContent !== shown) {
      now.textContent = shown;
      this.slider.value = this.time;
      this.slider.setAttribute("aria-valuetext", shown);
      this.#paint();
    }
    if (this.begun) this.dispatchEvent(new CustomEvent("moved", { detail: this.time }));
  }

  #paint() {
    const canvas = this.root.querySelector("canvas");
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width) return;
    const scale = devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const style = getComputedStyle(this.root);
    const colours = { past: style.getPropertyValue("--accent"), rest: style.getPropertyValue("--soft") };
    for (let x = 0; x + BAR - 1 <= width; x += BAR) this.#bar(pen, x, width, height, colours);
    pen.fillStyle = colours.past;
    for (const tick of this.ticks) pen.fillRect((tick / this.seconds) * width - 1, height - 6, 2, 6);
  }

  #bar(pen, x, width, height, colours) {
    const [from, to] = [(x / width) * this.seconds, ((x + BAR) / width) * this.seconds];
    pen.fillStyle = from <= this.time ? colours.past : colours.rest;
    if (this.masked.some(([start, end]) => start < to && from < end)) {
      for (let y = 2; y < height - 2; y += 4) pen.fillRect(x, y + ((x / BAR) % 2) * 2, BAR - 1, 2); // hatched: a tone
      return;
    }
    const tall = this.peaks ? Math.max(1, (this.#peak(from, to) / 255) * height) : 2;
    pen.fillRect(x, (height - tall) / 2, BAR - 1, tall);
  }

  #peak(from, to) {
    const perSecond = this.peaks.length / (this.seconds || 1);
    let most = 0;
    for (let i = Math.floor(from * perSecond); i <= to * perSecond && i < this.peaks.length; i++) most = Math.max(most, this.peaks[i]);
    return most;
  }
}

function stretches(text) {
  return (text || "").split(" ").filter(Boolean).map((part) => part.split("-").map(Number));
}
