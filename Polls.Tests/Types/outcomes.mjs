// Compares the pages' outcomes of motions with Polls.Web/src/kinds/motion/outcomes.json, and the votes that they say are
// needed with the rules. Prints what differs; nothing if all is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { decide, neededOf } = await exportsOf(web, 'src/kinds/motion/outcome.ts');

for (const { counts, outcome, total, needed, ...rule } of JSON.parse(readFileSync(join(web, 'src/kinds/motion/outcomes.json'), 'utf8'))) {
  const found = decide(rule, counts, counts.reduce((sum, count) => sum + count));
  const expected = { outcome, total, needed };
  if (JSON.stringify(found) !== JSON.stringify(expected)) console.log(`${JSON.stringify(rule)}, ${counts}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

const rules = { simple: (yes, of) => 2n * yes > of, twoThirds: (yes, of) => 3n * yes >= 2n * of, threeQuarters: (yes, of) => 4n * yes >= 3n * of };
for (const [majority, holds] of Object.entries(rules)) {
  for (const total of [...Array(1000).keys(), 333_333, 666_667, 999_998, 999_999, 1_000_000]) {
    const needed = BigInt(neededOf(majority, total));
    if (!holds(needed, BigInt(total)) || (needed > 0n && holds(needed - 1n, BigInt(total)))) console.log(`${majority} of ${total}: ${needed} is not the least`);
  }
}
