// What the checkers share: has the TypeScript compiler judge constants that are annotated with published types.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = join(dirname(fileURLToPath(import.meta.url)), "node_modules");

/** Compiles modules, given as pairs of what to call one in a complaint and its text; returns "NAME: message" for each thing wrong. */
export function compile(sources) {
  const complaints = [];
  const folder = mkdtempSync(join(tmpdir(), "polls-types-"));
  try {
    sources.forEach(([, text], i) => writeFileSync(join(folder, `module${i}.ts`), text));
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
      const at = /^module(\d+)\.ts\(\d+,\d+\): error \w+: (.*)/.exec(line);
      complaints.push(at ? `${sources[at[1]][0]}: ${at[2]}` : line);
    }
    if (compiler.status !== 0 && complaints.length === 0) complaints.push(`tsc ended with ${compiler.status ?? compiler.signal}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return complaints;
}

/** Tells what is wrong, one line each, and ends the program with 1; ends it with 0 and no word when nothing is. */
export function conclude(complaints) {
  for (const complaint of complaints) console.log(complaint);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}
