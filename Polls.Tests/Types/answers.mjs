// Compares what the pages take for the same answer and the same word with Polls.Web/src/live/*.json. Prints what differs; nothing if all
// is well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const { isSame, keyOf } = await exportsOf(web, 'src/live/answers.ts');
for (const { sent, stored, same } of JSON.parse(readFileSync(join(web, 'src/live/answers.json'), 'utf8'))) {
  for (const [one, other] of [[sent, stored], [stored, sent]]) {
    if (isSame({ texts: one }, { texts: other }) !== same) console.log(`${JSON.stringify(one)} and ${JSON.stringify(other)}: not ${same}`);
  }
}

for (const { word, key } of JSON.parse(readFileSync(join(web, 'src/live/keys.json'), 'utf8'))) {
  if (keyOf(word) !== key) console.log(`${JSON.stringify(word)}: ${JSON.stringify(keyOf(word))}, not ${JSON.stringify(key)}`);
}
