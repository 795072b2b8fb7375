// Compares the pages' points with Polls.Web/src/kinds/points/given.json, and splits budgets evenly. Prints what is wrong;
// nothing if all is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { givenOf, split, sumOf } = await exportsOf(web, 'src/kinds/points/budget.ts');
const { percentages } = await exportsOf(web, 'src/ui/percentages.ts');
const { average } = await exportsOf(web, 'src/ui/figures.ts');

for (const { options, voters, cells, ...expected } of JSON.parse(readFileSync(join(web, 'src/kinds/points/given.json'), 'utf8'))) {
  const { points, supporters, total } = givenOf(options, cells);
  const found = {
    points, supporters, share: percentages(points, total, true)?.map(({ value, bound }) => `${bound}${value}`) ?? null,
    average: points.map((sum) => average(sum, voters)?.toFixed(1) ?? null),
  };
  if (JSON.stringify(found) !== JSON.stringify(expected)) console.log(`${cells} of ${voters}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

for (let options = 2; options <= 20; options++) {
  for (const [points, step] of [[100, 5], [100, 1], [1000, 10], [7, 1], [1, 1]]) {
    const all = split(options, { points, step, spendAll: true });
    if (all.length !== options || sumOf(all) !== points || all.some((some) => some % step !== 0) || Math.max(...all) - Math.min(...all) > step) console.log(`${points} by ${step} among ${options}: ${all}`);
  }
}
