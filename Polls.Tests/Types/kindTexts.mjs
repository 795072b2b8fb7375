// Prints the texts of all kinds of question as JSON: {language: {kind: {name: text or plural forms}}}. They are part of the kinds'
// scripts, not of the pages.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [web] = process.argv.slice(2);
const esbuild = createRequire(join(web, 'package.json'))('esbuild');
const folder = join(web, 'src/messages');
const languages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const parts = readdirSync(join(folder, 'en')).map((file) => file.replace('.ts', '')).filter((part) => !['common', 'phone', 'host', 'screen'].includes(part));
const all = {};
for (const language of languages) {
  all[language] = {};
  for (const part of parts) {
    const built = await esbuild.build({ entryPoints: [join(folder, language, `${part}.ts`)], bundle: true, write: false, format: 'esm' });
    all[language][part] = (await import(`data:text/javascript,${encodeURIComponent(built.outputFiles[0].text)}`))[part];
  }
}

console.log(JSON.stringify(all));
