// Builds the three pages into the folder given (default ../Polls.Api/wwwroot): scripts and style sheets with their hashes
// in their names, one HTML file a page and language with the messages in it, everything also compressed. What a kind of
// question needs is loaded by phone and screen when it is there; its texts are part of its script, so there is one a
// language. Fails when the phone's page, or what it loads for a kind, is larger than it may be.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { ico, png } from './pictures.mjs';
import { languages } from './src/messages/languages.mjs';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const out = path.resolve(process.argv[2] ?? path.join(here, '../Polls.Api/wwwroot'));
const faces = ['phone', 'host', 'screen'];
const phoneLimit = 42 * 1024;
const kindLimit = 6 * 1024;

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

/**
 * SignalR without what the pages never use: clients for browsers without fetch and for Node.js, server-sent events, stateful
 * reconnects, what it would log, checks of its arguments, which are fixed here, and the texts of its own errors, which nobody
 * sees.
 */
const leanSignalR = {
  name: 'lean-signalr',
  setup: (plugins) => plugins.onLoad({ filter: /signalr.dist.esm.\w+\.js$/ }, async ({ path: file }) => {
    const { name } = path.parse(file);
    return { contents: ['XhrHttpClient', 'ServerSentEventsTransport', 'MessageBuffer'].includes(name) ? `export class ${name} {}`
      : (await readFile(file, 'utf8')).replace(/^\s*(this\._logger\.log|Arg\.is\w+)\(.*\);$/gm, ';')
        .replace(/new (\w*Error)\("[^"]*"\)/g, 'new $1()').replaceAll('Platform.isNode', 'false') };
  }),
};

/** Builds one file, and with splitting what it shares with what it loads later. */
async function bundle(entry, options = {}) {
  return await build({
    entryPoints: [path.join(here, entry)], bundle: true, minify: true, write: false, format: 'esm', target: ['es2022', 'safari15.4'],
    jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', mainFields: ['module', 'main'], outdir: out, logLevel: 'warning',
    // Private members of SignalR.
    mangleProps: /^_[a-z]\w{3,}$/, ...options, plugins: [leanSignalR, ...(options.plugins ?? [])],
  });
}

const bundleFile = async (entry) => (await bundle(entry)).outputFiles[0].contents;

/** '#messages/x' is x in the page's language. */
const messagesOf = (language) => ({
  name: 'messages',
  setup: (plugins) => plugins.onResolve({ filter: /^#messages\// }, ({ path: name }) => ({ path: path.join(here, 'src/messages', language, `${name.slice(10)}.ts`) })),
});

/**
 * Whatever a kind shares with its page is in the page's one script: as if each kind imported the whole page. Otherwise
 * there would be a file for each set of kinds that share something.
 */
const kindsImport = (main) => ({
  name: 'kinds-import-their-page',
  setup: (plugins) => plugins.onLoad({ filter: /kinds.\w+.(phone|screen)\.ts$/ }, async ({ path: file }) => file.includes('choices') ? undefined : ({
    contents: `${await readFile(file, 'utf8')}\nimport ${JSON.stringify(main)};`, loader: 'ts', resolveDir: path.dirname(file),
  })),
});

/**
 * The page's scripts: those that it begins with, the entry first, and for each kind that is loaded later its size with
 * all that only kinds share.
 */
async function scripts(face, language) {
  const { outputFiles, metafile } = await bundle(`src/${face}/main.tsx`, {
    splitting: true, metafile: true, entryNames: `assets/${face}-[hash]`, chunkNames: 'assets/[name]-[hash]',
    plugins: [messagesOf(language), kindsImport(path.join(here, `src/${face}/main.tsx`))],
    define: { 'process.env.NODE_ENV': '"production"', workScript: JSON.stringify(workScript.url), kindStyles: JSON.stringify(Object.fromEntries(Object.entries(kindStyles).map(([kind, { url }]) => [kind, url]))) },
  });
  const sizes = new Map();
  for (const { path: file, contents } of outputFiles) {
    const name = path.relative(out, file);
    sizes.set(name, await write(name, contents));
  }

  const outputs = new Map(Object.entries(metafile.outputs).map(([file, output]) => [path.relative(out, path.resolve(file)), output]));
  const loadedBy = (name, found = new Set()) => {
    if (found.has(name)) return found;
    found.add(name);
    for (const { path: file, kind } of outputs.get(name).imports) if (kind === 'import-statement') loadedBy(path.relative(out, path.resolve(file)), found);
    return found;
  };
  const entry = [...outputs.keys()].find((name) => outputs.get(name).entryPoint?.endsWith(`${face}/main.tsx`));
  // Where kinds import the page, the entry has nothing but an import of the page's script.
  const first = [...loadedBy(entry)].filter((name, i, { length }) => length === 1 || name !== entry);
  const size = (names) => names.reduce((sum, name) => sum + sizes.get(name), 0);
  const kinds = [...outputs].filter(([name, { entryPoint }]) => entryPoint && name !== entry).map(([name, { entryPoint }]) => {
    const kind = path.basename(path.dirname(entryPoint));
    return { kind, size: size([...loadedBy(name)].filter((other) => !first.includes(other))) + (kindStyles[kind]?.size ?? 0) };
  });
  return { urls: first.map((name) => `/${name}`), size: size(first), kinds };
}

async function messages(language, part) {
  const source = new TextDecoder().decode(await bundleFile(`src/messages/${language}/${part}.ts`));
  return (await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`))[part];
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const escapeHtml = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const mark = await readFile(path.join(here, 'src/styles/icon.svg'));
const icon = await writeAsset('icon', 'svg', mark);
// Compressed already, and loaded by no page. The server adds the address of the preview (SharedPages.cs).
const preview = png(mark, 256);
await writeFile(path.join(out, assetName('preview', 'png', preview)), preview);
await writeFile(path.join(out, 'favicon.ico'), ico(mark, [16, 32, 48]));
// Phones ask for it when a page is put on the home screen, and round its corners themselves.
await writeFile(path.join(out, 'apple-touch-icon.png'), png(`${mark}`.replace(/ rx="9"/, ''), 180));

/** What messengers show beside a shared link. */
const sharing = ({ title, shared }) => Object.entries({ 'og:type': 'website', 'og:title': title, 'og:description': shared, 'twitter:card': 'summary' })
  .map(([name, content]) => `<meta ${name.startsWith('og:') ? 'property' : 'name'}="${name}" content="${escapeHtml(content)}">`).join('\n');

const layout = await readFile(path.join(here, 'src/page.html'), 'utf8');

await write('sw.js', await bundleFile('src/sw.ts'));
const workScript = await writeAsset('work', 'js', await bundleFile('src/work/worker.ts'));

/** The style sheets of the kinds that are loaded later; the host's desk has them all at once. */
const kindStyles = {};
for (const folder of await readdir(path.join(here, 'src/kinds'), { withFileTypes: true })) {
  const file = path.join('src/kinds', folder.name, `${folder.name}.css`);
  if (existsSync(path.join(here, file))) kindStyles[folder.name] = await writeAsset(folder.name, 'css', await bundleFile(file));
}

async function style(face) {
  const files = [`../styles/${face}.css`, ...(face === 'host' ? Object.keys(kindStyles).map((kind) => `./${kind}/${kind}.css`) : [])];
  const { outputFiles } = await bundle('', {
    entryPoints: undefined, stdin: { contents: files.map((file) => `@import '${file}';`).join('\n'), resolveDir: path.join(here, 'src/kinds'), loader: 'css' },
  });
  return await writeAsset(face, 'css', outputFiles[0].contents);
}

for (const face of faces) {
  const { url: styleUrl, size: styleSize } = await style(face);
  for (const { code, dir } of languages) {
    const { urls: [script, ...shared], size, kinds } = await scripts(face, code);
    const texts = { common: await messages(code, 'common'), [face]: await messages(code, face) };
    const values = {
      lang: code, dir, face, script, style: styleUrl, icon: icon.url,
      shared: shared.map((url) => `<link rel="modulepreload" href="${url}">`).join('\n'),
      title: escapeHtml(`${texts[face].title} · ${texts.common.product}`),
      sharing: face === 'phone' ? sharing({ title: `${texts.phone.title} · ${texts.common.product}`, shared: texts.phone.shared }) : '',
      noScript: escapeHtml(texts.common.noScript), loading: escapeHtml(texts.common.loading),
      texts: JSON.stringify(texts).replaceAll('<', '\\u003c'),
    };
    const html = layout.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
    const total = (await write(`pages/${face}.${code}.html`, html)) + size + styleSize + icon.size;
    if (face === 'phone') {
      if (total > phoneLimit) throw new Error(`The phone's page (${code}) has ${total} bytes compressed; it may have ${phoneLimit}.`);
      for (const one of kinds) if (one.size > kindLimit) throw new Error(`${one.kind} (${code}) has ${one.size} bytes compressed; it may have ${kindLimit}.`);
    }

    if (code === 'en') console.log(`${face}: ${kilobytes(total)} compressed (gzip), ${kilobytes(size)} of it script${kinds.map((one) => `; ${one.kind} ${kilobytes(one.size)}`).join('')}`);
  }
}
