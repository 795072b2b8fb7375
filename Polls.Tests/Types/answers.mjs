// Compares what the pages take for the same answer with Polls.Web/src/live/answers.json. Prints what differs; nothing if all
// is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { isSame } = await exportsOf(web, 'src/live/answers.ts');
for (const { sent, stored, same } of JSON.parse(readFileSync(join(web, 'src/live/answers.json'), 'utf8'))) {
  for (const [one, other] of [[sent, stored], [stored, sent]]) {
    if (isSame({ texts: one }, { texts: other }) !== same) console.log(`${JSON.stringify(one)} and ${JSON.stringify(other)}: not ${same}`);
  }
}
