// Compares what the pages read from typed numbers with Polls.Web/src/ui/numerals.json. Prints what differs; nothing if all
// is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { decimalSeparator, readNumber } = await exportsOf(web, 'src/ui/numerals.ts');

for (const { language, text, read } of JSON.parse(readFileSync(join(web, 'src/ui/numerals.json'), 'utf8'))) {
  const found = readNumber(text, decimalSeparator(language)) ?? null;
  if (found !== read) console.log(`${language} '${text}': ${found} instead of ${read}`);
  // What is sent is the number to the letter: no exponent, no other digits.
  if (found?.replace(/\D/g, '').length <= 15 && JSON.stringify(Number(found)) !== found) console.log(`'${text}': ${JSON.stringify(Number(found))} is sent for ${found}`);
}
