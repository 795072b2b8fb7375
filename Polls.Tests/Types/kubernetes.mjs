// node kubernetes.mjs FILE...: checks every YAML document of these files against the published Kubernetes types.
// Each document becomes a constant of its kind's type, so that the TypeScript compiler refuses what the type does not have.
// Prints "FILE Kind/name: message" for each thing wrong and ends with 1; ends with 0 and no word when nothing is.
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { compile, conclude } from "./compile.mjs";

const complaints = [];
const sources = [];

/** The module of one document. */
function add(document, file) {
  const name = `${file} ${document?.kind}/${document?.metadata?.name}`;
  if (!/^[\w./-]+$/.test(document?.apiVersion ?? "") || !/^\w+$/.test(document?.kind ?? "")) {
    complaints.push(`${name}: no apiVersion and kind`);
    return;
  }
  sources.push([name,
    `import type { I${document.kind} as Type } from "kubernetes-models/${document.apiVersion}/${document.kind}";\n`
    + `export const value: Type = ${JSON.stringify(document, null, 1)};\n`]);
}

for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"), { uniqueKeys: true })) {
    complaints.push(...document.errors.map(error => `${file}: ${error.message.split("\n")[0]}`));
    if (document.errors.length === 0 && document.contents) add(document.toJS(), file);
  }
}

complaints.push(...compile(sources));
if (sources.length === 0) complaints.push("no document");
conclude(complaints);
