// Compares the pages' figures of ratings with Polls.Web/src/kinds/rating/figures.json. Prints what differs; nothing if all is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { ratingOf } = await exportsOf(web, 'src/kinds/rating/scale.ts');

for (const { min, counts, why: _, ...expected } of JSON.parse(readFileSync(join(web, 'src/kinds/rating/figures.json'), 'utf8'))) {
  const settings = { look: 'nps' in expected ? 'nps' : 'numbers', min, max: min + counts.length - 1 };
  const { mean = null, median = null, nps } = ratingOf({ settings }, { counts, voters: counts.reduce((sum, count) => sum + count) });
  const found = { mean, median, ...(nps ? { nps: nps.score } : {}) };
  if (JSON.stringify(found) !== JSON.stringify(expected)) console.log(`${counts}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}
