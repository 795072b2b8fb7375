// Compares what the pages make of typed numbers and of a tally's figures with Polls.Web/src/kinds/numeric/ranges.json. Prints
// what differs; nothing if all is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { decimalSeparator, readNumber } = await exportsOf(web, 'src/ui/numerals.ts');
const { binsOf, judge, placeOf, ticksOf } = await exportsOf(web, 'src/kinds/numeric/range.ts');
const compare = (what, found, expected) => {
  if (JSON.stringify(found) !== JSON.stringify(expected)) console.log(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
};

const { judged, shown } = JSON.parse(readFileSync(join(web, 'src/kinds/numeric/ranges.json'), 'utf8'));
for (const { language, text, says, ...range } of judged) compare(`${language} '${text}'`, judge(range, readNumber(text, decimalSeparator(language))), says);
for (const { range, numbers, bins, places, ticks } of shown) {
  compare(`bins of ${JSON.stringify(range)}`, binsOf(range, numbers), bins.map(([first, last], i) => ({ count: numbers.bins[i], first, last })));
  for (const [value, place] of Object.entries(places)) compare(`place of ${value}`, Number(placeOf(Number(value), range, numbers).toFixed(9)), place);
  for (const [most, values] of Object.entries(ticks)) compare(`${most} ticks of ${JSON.stringify(range)}`, ticksOf(range, numbers, Number(most)), values);
}
