// What can be told of a file before it is sent: whether it can be a recording, how long it is, whether it is silent.
// Only what is certain stops it; the archive looks at the whole file anyway.
import { digestOf } from "./sha256.js";

const EDGE = 64 * 1024;
const SMALL = 4_000_000; // bytes that the browser may decode: at 8 kHz they become a hundred megabytes at the most
const SHORT = 10; // seconds
const QUIET = 0.001; // of full scale, -60 dB
const SAMPLED = 64; // places of a large file that are listened to

// Of known kinds of files, how they begin: at a byte, these bytes.
const SOUNDS = [
  [0, "RIFF"], [0, "RF64"], [0, "OggS"], [0, "fLaC"], [0, "ID3"], [0, "#!AMR"], [0, "FORM"], [0, "caff"],
  [0, "\x1aE\xdf\xa3"], [0, "0&\xb2u"], [0, "\x02dss"], [0, "\x03ds2"], [0, "\x06ds2"], [0, ".snd"], [0, "wvpk"],
  [4, "ftyp"], [4, "moov"], [4, "mdat"], [4, "wide"], [4, "free"], [4, "skip"], [0, "MAC "], [0, "\x00\x00\x01\xba"],
];
const OTHERS = ["%PDF", "PK\x03\x04", "\x89PNG", "\xff\xd8\xff", "GIF8", "\xd0\xcf\x11\xe0", "MZ", "\x7fELF", "Rar!", "7z\xbc\xaf"];

// {problem, notes, seconds}: `problem` is a code that stops the file (empty, too-large, not-sound, too-long), `notes`
// are codes that a person should know of (silent, short).
export async function inspect(file, limits) {
  if (file.size === 0) return { problem: "empty", notes: [] };
  if (file.size > limits.bytes) return { problem: "too-large", notes: [] };
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  if (!isSound(head) && isOther(head)) return { problem: "not-sound", notes: [] };
  const { seconds, loudest } = (await wav(file, head)) ?? (await decoded(file)) ?? {};
  const notes = [];
  if (loudest !== undefined && loudest < QUIET) notes.push("silent");
  if (seconds !== undefined && seconds < SHORT) notes.push("short");
  return { problem: seconds > limits.seconds ? "too-long" : "", notes, seconds };
}

// What tells a file from others without its name: size, beginning and end. It is known again after it was renamed, and
// on phones that give every file the time at which it was picked.
export async function fingerprint(file) {
  const ends = [file.slice(0, EDGE), file.slice(Math.max(0, file.size - EDGE))];
  return digestOf(new Blob([`${file.size}\n`, ...ends]));
}

function isSound(head) {
  if (head[0] === 0xff && (head[1] & 0xe0) === 0xe0) return head[1] !== 0xff && head[2] !== 0xff; // MPEG or ADTS frames
  return SOUNDS.some(([at, text]) => begins(head, at, text));
}

function isOther(head) {
  if (OTHERS.some((text) => begins(head, 0, text))) return true;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
  } catch {
    return false;
  }
}

function begins(head, at, text) {
  return [...text].every((letter, index) => head[at + index] === letter.charCodeAt(0));
}

// Of plain samples in a WAV file: its length by arithmetic, its loudness by samples from all over it.
async function wav(file, head) {
  if (!begins(head, 0, "RIFF") || !begins(head, 8, "WAVE")) return null;
  const view = new DataView(head.buffer);
  let at = 12, rate = 0, bits = 0, kind = 0;
  while (at + 8 <= head.length && !begins(head, at, "data")) {
    if (begins(head, at, "fmt ") && at + 24 <= head.length) {
      kind = view.getUint16(at + 8, true);
      rate = view.getUint32(at + 16, true);
      bits = view.getUint16(at + 22, true);
    }
    at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) & 1);
  }
  if (at + 8 > head.length || !rate || kind !== 1 || bits !== 16) return null;
  const start = at + 8;
  const size = Math.min(view.getUint32(at + 4, true), file.size - start);
  let loudest = 0;
  for (let place = 0; place < SAMPLED && size; place++) {
    const from = start + 2 * Math.floor((size / 2 / SAMPLED) * place);
    const bytes = await file.slice(from, Math.min(from + EDGE, start + size)).arrayBuffer();
    for (const one of new Int16Array(bytes, 0, bytes.byteLength >> 1)) loudest = Math.max(loudest, Math.abs(one) / 32768);
    if (loudest >= QUIET) break;
  }
  return { seconds: size / rate, loudest };
}

// Of a small file that this browser can decode; null of all others.
async function decoded(file) {
  if (file.size > SMALL || !globalThis.OfflineAudioContext) return null;
  try {
    const sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(await file.arrayBuffer());
    let loudest = 0;
    for (const one of sound.getChannelData(0)) loudest = Math.max(loudest, Math.abs(one));
    return { seconds: sound.duration, loudest };
  } catch {
    return null; // AMR, for one: the archive knows it, the browser does not
  }
}
