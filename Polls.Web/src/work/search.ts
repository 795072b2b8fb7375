// SHA-256 (FIPS 180-4), only as much as the search for a nonce needs. The browser's own is asynchronous, which costs many
// times the hash itself, and exists on secure pages only.

const primes: number[] = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);

/** The first 32 bits of a number's fraction. */
const fraction = (x: number): number => ((x - Math.floor(x)) * 2 ** 32) | 0;
const initial = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

const w = new Int32Array(64);

/** Adds the block at the start of w to the state; returns the new state's first word and, if it is to be kept, writes all. */
function compress(state: Int32Array, keep: boolean): number {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    w[i] = w[i - 16]! + w[i - 7]!
      + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
      + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
  }

  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const one = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + constants[i]! + w[i]!) | 0;
    const two = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }

  if (keep) [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i]! += word));
  return keep ? state[0]! : (state[0]! + a) | 0;
}

const digits = 8;

/**
 * The first nonce, in hexadecimal digits, for which SHA-256 of `challenge:nonce` begins with this many zero bits (1 to
 * 32). The challenge is ASCII.
 */
export function search(challenge: string, bits: number): string {
  // What all nonces have in common is hashed once: zeros before the digits fill its last block if digits, end mark and
  // length would not fit into it.
  const common = `${challenge}:`;
  const rest = 64 - common.length % 64;
  const zeros = rest < digits + 9 ? '0'.repeat(rest) : '';
  const start = common + zeros;
  const state = initial.slice();
  const whole = start.length - start.length % 64;
  const load = (text: string): void => {
    w.fill(0, 0, 16);
    for (let i = 0; i < text.length; i++) w[i >> 2]! |= text.charCodeAt(i) << 24 - 8 * (i & 3);
  };
  for (let at = 0; at < whole; at += 64) {
    load(start.slice(at, at + 64));
    compress(state, true);
  }

  const tail = start.slice(whole);
  load(`${tail}${'\0'.repeat(digits)}\x80`);
  w[15] = (start.length + digits) * 8;
  const block = w.slice(0, 16);
  for (let n = 0; ; n++) {
    w.set(block);
    for (let place = 0, at = tail.length + digits - 1; place < digits; place++, at--) {
      const digit = n >>> 4 * place & 15;
      w[at >> 2]! |= (digit + (digit < 10 ? 48 : 87)) << 24 - 8 * (at & 3);
    }

    if (compress(state, false) >>> 32 - bits === 0) return zeros + n.toString(16).padStart(digits, '0');
  }
}
