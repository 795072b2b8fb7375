// Fails when source files import each other in a circle; imports of types count too.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const source = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), 'src');
const files = (await readdir(source, { recursive: true })).filter((file) => /\.(tsx?|mjs)$/.test(file));
const imports = new Map();
for (const file of files) {
  const text = await readFile(path.join(source, file), 'utf8');
  const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) => path.join(path.dirname(file), target));
  imports.set(file, targets.map((target) => files.find((other) => other === target || other.replace(/\.tsx?$/, '') === target)).filter(Boolean));
}

const done = new Set();

/** The first circle below this file as a list of files; undefined when there is none. */
function circleFrom(file, way = []) {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const target of imports.get(file)) {
    const circle = circleFrom(target, [...way, file]);
    if (circle) return circle;
  }

  done.add(file);
  return undefined;
}

for (const file of files) {
  const circle = circleFrom(file);
  if (circle) throw new Error(`These files import each other in a circle: ${circle.join(' -> ')}.`);
}
