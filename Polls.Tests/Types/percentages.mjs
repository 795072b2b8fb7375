// Compares the pages' percentages with Polls.Web/src/ui/percentages.json. Prints what differs; nothing if all is well.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [web] = process.argv.slice(2);
const esbuild = createRequire(join(web, 'package.json'))('esbuild');
const built = await esbuild.build({ entryPoints: [join(web, 'src/ui/percentages.ts')], bundle: true, write: false, format: 'esm' });
const { percentages, differ } = await import(`data:text/javascript,${encodeURIComponent(built.outputFiles[0].text)}`);

for (const { counts, voters, areParts, shown } of JSON.parse(readFileSync(join(web, 'src/ui/percentages.json'), 'utf8'))) {
  const found = percentages(counts, voters, areParts);
  const texts = found?.map(({ value, bound }) => `${bound}${value}`) ?? null;
  if (JSON.stringify(texts) !== JSON.stringify(shown)) console.log(`${counts} of ${voters}: ${texts} instead of ${shown}`);
  const unequal = shown !== null && counts.some((count, i) => shown[i] !== shown[counts.indexOf(count)]);
  if (found && differ(counts, found) !== unequal) console.log(`${counts} of ${voters}: the reason is ${unequal ? 'missing' : 'given in vain'}`);
}
