/** The numbers below n, in an order that only depends on the seed. */
export function shuffle(n: number, seed: string): number[] {
  const keys = Array.from({ length: n }, (_, i) => hash(`${i} ${seed}`));
  return keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b);
}

/** FNV-1a of the text's UTF-16 units, as an unsigned integer of 32 bits. */
function hash(text: string): number {
  let hashed = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hashed = Math.imul(hashed ^ text.charCodeAt(i), 0x01000193);
  return hashed >>> 0;
}
