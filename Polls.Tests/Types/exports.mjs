import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What a source file of the pages exports. */
export async function exportsOf(web, file) {
  const esbuild = createRequire(join(web, 'package.json'))('esbuild');
  const built = await esbuild.build({ entryPoints: [join(web, file)], bundle: true, write: false, format: 'esm' });
  return await import(`data:text/javascript,${encodeURIComponent(built.outputFiles[0].text)}`);
}
