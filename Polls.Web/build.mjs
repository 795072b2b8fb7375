// Builds the three pages into the folder given (default ../Polls.Api/wwwroot): one script and one style sheet a page with
// their hashes in their names, one HTML file a page and language with the messages in it, everything also compressed.
// Fails when the phone's page is larger than it may be.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { ico, png } from './pictures.mjs';
import { languages } from './src/messages/languages.mjs';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const out = path.resolve(process.argv[2] ?? path.join(here, '../Polls.Api/wwwroot'));
const faces = ['phone', 'host', 'screen'];
const phoneLimit = 60 * 1024;

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, 'assets'), { recursive: true });
await mkdir(path.join(out, 'pages'), { recursive: true });

/** Writes a file and its compressed forms; returns the size of the largest one that a browser is sent. */
async function write(name, content) {
  const bytes = Buffer.from(content);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  await writeFile(path.join(out, name), bytes);
  await writeFile(path.join(out, `${name}.br`), brotli);
  await writeFile(path.join(out, `${name}.gz`), gzip);
  return gzip.length;
}

/** A file's name that tells its content, so that browsers may keep it for ever. */
function assetName(stem, extension, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return `assets/${stem}-${hash}.${extension}`;
}

async function writeAsset(stem, extension, content) {
  const name = assetName(stem, extension, content);
  return { url: `/${name}`, size: await write(name, content) };
}

async function bundle(entry) {
  const result = await build({
    entryPoints: [path.join(here, entry)], bundle: true, minify: true, write: false, format: 'esm', target: ['es2022', 'safari15.4'],
    jsx: 'automatic', jsxImportSource: 'preact', define: { 'process.env.NODE_ENV': '"production"' }, legalComments: 'none',
    mainFields: ['module', 'main'], outdir: out, logLevel: 'warning',
  });
  return result.outputFiles[0].contents;
}

async function messages(language, part) {
  const source = new TextDecoder().decode(await bundle(`src/messages/${language}/${part}.ts`));
  return (await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`))[part];
}

const escapeHtml = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const mark = await readFile(path.join(here, 'src/styles/icon.svg'));
const icon = await writeAsset('icon', 'svg', mark);
// Compressed already, and loaded by no page. The server adds the address of the preview (SharedPages.cs).
const preview = png(mark, 256);
await writeFile(path.join(out, assetName('preview', 'png', preview)), preview);
await writeFile(path.join(out, 'favicon.ico'), ico(mark, [16, 32, 48]));

/** What messengers show beside a shared link. */
const sharing = ({ title, shared }) => Object.entries({ 'og:type': 'website', 'og:title': title, 'og:description': shared, 'twitter:card': 'summary' })
  .map(([name, content]) => `<meta ${name.startsWith('og:') ? 'property' : 'name'}="${name}" content="${escapeHtml(content)}">`).join('\n');

const layout = await readFile(path.join(here, 'src/page.html'), 'utf8');

await write('sw.js', await bundle('src/sw.ts'));

for (const face of faces) {
  const script = await writeAsset(face, 'js', await bundle(`src/${face}/main.tsx`));
  const style = await writeAsset(face, 'css', await bundle(`src/styles/${face}.css`));
  for (const { code, dir } of languages) {
    const texts = { common: await messages(code, 'common'), [face]: await messages(code, face) };
    const values = {
      lang: code, dir, face, script: script.url, style: style.url, icon: icon.url,
      title: escapeHtml(`${texts[face].title} · ${texts.common.product}`),
      sharing: face === 'phone' ? sharing({ title: `${texts.phone.title} · ${texts.common.product}`, shared: texts.phone.shared }) : '',
      noScript: escapeHtml(texts.common.noScript), loading: escapeHtml(texts.common.loading),
      texts: JSON.stringify(texts).replaceAll('<', '\\u003c'),
    };
    const html = layout.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
    const total = (await write(`pages/${face}.${code}.html`, html)) + script.size + style.size + icon.size;
    if (face === 'phone' && total > phoneLimit) {
      throw new Error(`The phone's page (${code}) has ${total} bytes compressed; it may have ${phoneLimit}.`);
    }

    if (code === 'en') console.log(`${face}: ${(total / 1024).toFixed(1)} KB compressed (gzip), ${(script.size / 1024).toFixed(1)} KB of it script`);
  }
}
