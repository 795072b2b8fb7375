// node check.mjs FILE...: checks every YAML document of these files against the published Kubernetes types.
// Each document becomes a constant of its kind's type, so that the TypeScript compiler refuses what the type does not have.
// Prints "FILE Kind/name: message" for each thing wrong and ends with 1; ends with 0 and no word when nothing is.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const complaints = [];
const owners = new Map();
const folder = mkdtempSync(join(tmpdir(), "polls-kubernetes-"));

/** Writes a module for one document and remembers whose it is. */
function write(document, file) {
  const name = `${file} ${document?.kind}/${document?.metadata?.name}`;
  if (!/^[\w./-]+$/.test(document?.apiVersion ?? "") || !/^\w+$/.test(document?.kind ?? "")) {
    complaints.push(`${name}: no apiVersion and kind`);
    return;
  }
  const module = `document${owners.size}.ts`;
  owners.set(module, name);
  writeFileSync(join(folder, module),
    `import type { I${document.kind} as Type } from "kubernetes-models/${document.apiVersion}/${document.kind}";\n`
    + `export const value: Type = ${JSON.stringify(document, null, 1)};\n`);
}

try {
  for (const file of process.argv.slice(2)) {
    for (const document of parseAllDocuments(readFileSync(file, "utf8"), { uniqueKeys: true })) {
      complaints.push(...document.errors.map(error => `${file}: ${error.message.split("\n")[0]}`));
      if (document.errors.length === 0 && document.contents) write(document.toJS(), file);
    }
  }

  symlinkSync(modules, join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
    compilerOptions: { noEmit: true, strict: true, skipLibCheck: true, target: "es2023", module: "nodenext", types: [] },
    include: ["*.ts"],
  }));
  const compiler = spawnSync(process.execPath, [join(modules, "typescript", "bin", "tsc"), "--pretty", "false", "-p", folder],
    { cwd: folder, encoding: "utf8" });
  for (const line of (compiler.stdout + compiler.stderr).split("\n").filter(line => line.length > 0)) {
    // Indented lines explain the one before.
    const at = /^(document\d+\.ts)\(\d+,\d+\): error \w+: (.*)/.exec(line);
    complaints.push(at ? `${owners.get(at[1])}: ${at[2]}` : line);
  }
  if (compiler.status !== 0 && complaints.length === 0) complaints.push(`tsc ended with ${compiler.status ?? compiler.signal}`);
  if (owners.size === 0) complaints.push("no document");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
