// Compares the pages' figures of scales with Polls.Web/src/kinds/scales/statements.json. Prints what differs; nothing if all is
// well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { statementsOf } = await exportsOf(web, 'src/kinds/scales/statements.ts');
const { percentages } = await exportsOf(web, 'src/ui/percentages.ts');

for (const { min, max, cells, n, mean, share } of JSON.parse(readFileSync(join(web, 'src/kinds/scales/statements.json'), 'utf8'))) {
  const poll = { options: n.map((_, i) => `Statement ${i}`), settings: { min, max } };
  const found = statementsOf(poll, { counts: cells, voters: Math.max(...n) });
  const shown = {
    n: found.map((statement) => statement.n),
    mean: found.map((statement) => statement.mean?.toFixed(1) ?? null),
    share: found.map((statement) => percentages(statement.counts, statement.n, true)?.map(({ bound, value }) => `${bound}${value}`) ?? null),
  };
  if (JSON.stringify(shown) !== JSON.stringify({ n, mean, share })) console.log(`${cells}: ${JSON.stringify(shown)}`);
}
