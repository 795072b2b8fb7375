// Compares the pages' percentages with Polls.Web/src/ui/percentages.json. Prints what differs; nothing if all is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { percentages, differ } = await exportsOf(web, 'src/ui/percentages.ts');

for (const { counts, voters, areParts, shown } of JSON.parse(readFileSync(join(web, 'src/ui/percentages.json'), 'utf8'))) {
  const found = percentages(counts, voters, areParts);
  const texts = found?.map(({ value, bound }) => `${bound}${value}`) ?? null;
  if (JSON.stringify(texts) !== JSON.stringify(shown)) console.log(`${counts} of ${voters}: ${texts} instead of ${shown}`);
  const unequal = shown !== null && counts.some((count, i) => shown[i] !== shown[counts.indexOf(count)]);
  if (found && differ(counts, found) !== unequal) console.log(`${counts} of ${voters}: the reason is ${unequal ? 'missing' : 'given in vain'}`);
}
