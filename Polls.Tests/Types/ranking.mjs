// Compares the pages' rankings with Polls.Web/src/kinds/ranking/order.json, and looks at the order in which each person
// sees the options. Prints what is wrong; nothing if all is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const folder = join(web, 'src/kinds/ranking');
const { orderOf } = await exportsOf(web, 'src/kinds/ranking/order.ts');
const { shuffle } = await exportsOf(web, 'src/kinds/ranking/shuffle.ts');

for (const { options, places, cells, voters, ...expected } of JSON.parse(readFileSync(join(folder, 'order.json'), 'utf8'))) {
  const { ranked, winner, differs } = orderOf(options, places, cells, voters);
  const found = {
    order: ranked.map(({ option }) => option), place: ranked.map(({ place }) => place), points: ranked.map(({ points }) => points),
    average: ranked.map(({ average }) => average?.toFixed(1) ?? null), winner: winner ?? null, differs,
  };
  if (JSON.stringify(found) !== JSON.stringify(expected)) console.log(`${cells} of ${voters}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

const people = 4000;
for (const n of [2, 3, 10]) {
  const firsts = Array.from({ length: n }, () => 0);
  for (let person = 0; person < people; person++) {
    const seed = `0190b5a2-7c3e-7d41-9b${person.toString(16).padStart(2, '0')}-5d1f2e3a4b5c 0190b5a2-9d10-7e55-8a01-0c0d0e0f1011`;
    const order = shuffle(n, seed);
    if (JSON.stringify(order) !== JSON.stringify(shuffle(n, seed))) console.log(`${seed}: another order the second time`);
    if ([...order].sort((a, b) => a - b).some((option, i) => option !== i)) console.log(`${seed}: ${order} does not have each option once`);
    firsts[order[0]]++;
  }

  if (firsts.some((first) => Math.abs(first - people / n) > people / n / 4)) console.log(`of ${n}, first are ${firsts}`);
}
