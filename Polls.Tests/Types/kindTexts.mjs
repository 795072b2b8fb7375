// Prints the texts of all kinds of question as JSON: {language: {kind: {name: text or plural forms}}}. They are part of the kinds'
// scripts, not of the pages.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from './exports.mjs';

const [web] = process.argv.slice(2);
const folder = join(web, 'src/messages');
const languages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const parts = readdirSync(join(folder, 'en')).map((file) => file.replace('.ts', '')).filter((part) => !['common', 'phone', 'host', 'screen'].includes(part));
const all = {};
for (const language of languages) {
  all[language] = {};
  for (const part of parts) {
    all[language][part] = (await exportsOf(web, `src/messages/${language}/${part}.ts`))[part];
  }
}

console.log(JSON.stringify(all));
