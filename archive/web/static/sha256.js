// SHA-256 (FIPS 180-4) of what comes in pieces. The browser's own (crypto.subtle) wants the whole file in memory at once,
// and a worker would need an exception from the policy on scripts; so this runs between other work, a megabyte at a time.
const ROUNDS = new Int32Array(64);
const START = new Int32Array(8);

// The constants are the first bits of the fractional parts of the roots of the first primes, so they are computed.
let found = 0;
for (let candidate = 2; found < 64; candidate++) {
  let prime = true;
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) prime = false;
  if (!prime) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(candidate));
  ROUNDS[found++] = fraction(Math.cbrt(candidate));
}

function fraction(root) {
  return (root - Math.floor(root)) * 0x100000000 | 0;
}

export class Sha256 {
  #state = START.slice();
  #words = new Int32Array(64);
  #rest = new Uint8Array(64);
  #waiting = 0;
  #length = 0;

  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    if (this.#waiting) {
      at = Math.min(64 - this.#waiting, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#waiting);
      this.#waiting += at;
      if (this.#waiting < 64) return this;
      this.#blocks(this.#rest, 0, 64);
    }
    const whole = bytes.length - (bytes.length - at) % 64;
    this.#blocks(bytes, at, whole);
    this.#rest.set(bytes.subarray(whole));
    this.#waiting = bytes.length - whole;
    return this;
  }

  // Ends it: the digest in lower-case hexadecimal.
  hex() {
    const bits = BigInt(this.#length) * 8n;
    const end = new Uint8Array((this.#waiting < 56 ? 64 : 128) - this.#waiting);
    end[0] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, bits);
    this.update(end);
    return [...this.#state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #blocks(bytes, from, to) {
    const w = this.#words, k = ROUNDS, state = this.#state;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let h0 = state[0] | 0, h1 = state[1] | 0, h2 = state[2] | 0, h3 = state[3] | 0, h4 = state[4] | 0, h5 = state[5] | 0, h6 = state[6] | 0, h7 = state[7] | 0;
    for (let at = from; at < to; at += 64) {
      for (let i = 0, j = at; i < 16; i++, j += 4) w[i] = view.getInt32(j);
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15], y = w[i - 2];
        w[i] = (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) + w[i - 7] +
          (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)) + w[i - 16] | 0;
      }
      let a = h0, b = h1, c = h2, d = h3, e = h4, f = h5, g = h6, h = h7;
      for (let i = 0; i < 64; i++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      h0 = (h0 + a) | 0; h1 = (h1 + b) | 0; h2 = (h2 + c) | 0; h3 = (h3 + d) | 0;
      h4 = (h4 + e) | 0; h5 = (h5 + f) | 0; h6 = (h6 + g) | 0; h7 = (h7 + h) | 0;
    }
    state.set([h0, h1, h2, h3, h4, h5, h6, h7]);
  }
}

const PIECE = 1 << 20;

// Of a file or a part of one, in hexadecimal; `keepsOn` is asked between the pieces and may throw.
export async function digestOf(blob, keepsOn = () => {}) {
  const sha = new Sha256();
  for (let at = 0; at < blob.size; at += PIECE) {
    sha.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
    await keepsOn();
  }
  return sha.hex();
}
