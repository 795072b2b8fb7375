// Does the work that joining costs under a flood as the pages do, for challenges of every length around a block of SHA-256,
// and checks it with Node's own hash. Prints what is wrong; nothing if all is well.
import { createHash } from 'node:crypto';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { search } = await exportsOf(web, 'src/work/search.ts');

for (let length = 1; length <= 140; length++) {
  for (const bits of [1, 7, 11]) {
    const challenge = 'CfDJ8-_'.repeat(20).slice(0, length);
    const nonce = search(challenge, bits);
    const zeros = Math.clz32(createHash('sha256').update(`${challenge}:${nonce}`).digest().readUInt32BE());
    if (zeros < bits) console.log(`${challenge}: ${nonce} gives ${zeros} zero bits instead of ${bits}`);
    if (nonce.length > 64) console.log(`${challenge}: ${nonce} is longer than a nonce may be`);
  }
}
