// Compares the pages' appearance of texts with Polls.Web/src/ui/texts.json. Prints what differs; nothing if all is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { appearance } = await exportsOf(web, 'src/ui/appearance.ts');

const escaped = (text) => JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
for (const { text, appearance: seen } of JSON.parse(readFileSync(join(web, 'src/ui/texts.json'), 'utf8'))) {
  const found = appearance(text);
  if (found !== seen) console.log(`${escaped(text)}: ${escaped(found)} instead of ${escaped(seen)}`);
  if (appearance(found) !== found) console.log(`${escaped(text)}: another appearance the second time`);
}
