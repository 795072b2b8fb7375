// The work of scripts/audit: asks each registry with its own client and reads the answer as data.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = process.argv[2];
const counts = { passed: 0, failed: 0, skipped: 0 };
const clean = what => report("passed", `${what}: no known vulnerability`);
const unasked = (what, why) => report("skipped", `${what}: could not be asked here: ${why}`);
const found = (what, vulnerable) => report("failed", ...vulnerable.map(package_ => `${what}: ${package_}`));

function report(outcome, ...lines) {
  counts[outcome]++;
  for (const line of lines) console.log(line);
}

/** Runs a client and reads its JSON. Output that is not JSON is the reason for a skip. */
function ask(what, command, args, cwd, read) {
  const run = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 300_000, maxBuffer: 64 * 1024 * 1024 });
  let answer;
  try {
    answer = JSON.parse(run.stdout);
  } catch {
    unasked(what, run.error?.message ?? (run.stderr + run.stdout).trim().split("\n")[0] ?? `exit code ${run.status}`);
    return;
  }
  read(answer);
}

// The registry must be named as an audit source: otherwise the client reports no vulnerabilities when there is no data.
const folder = mkdtempSync(join(tmpdir(), "polls-audit-"));
try {
  const source = '<clear /><add key="nuget.org" value="https://api.nuget.org/v3/index.json" protocolVersion="3" />';
  const config = join(folder, "NuGet.Config");
  writeFileSync(config, `<configuration><packageSources>${source}</packageSources><auditSources>${source}</auditSources></configuration>`);
  const args = ["list", "Polls.sln", "package", "--vulnerable", "--include-transitive", "--format", "json", "--config", config];
  ask("NuGet", "dotnet", args, root, answer => {
    const vulnerable = (answer.projects ?? []).flatMap(project => project.frameworks ?? [])
      .flatMap(framework => [...(framework.topLevelPackages ?? []), ...(framework.transitivePackages ?? [])])
      .flatMap(package_ => package_.vulnerabilities.map(known => `${package_.id} ${package_.resolvedVersion}: ${known.severity}, ${known.advisoryurl}`));
    if (vulnerable.length > 0) found("NuGet", [...new Set(vulnerable)]);
    else if (answer.problems?.length > 0) unasked("NuGet", answer.problems[0].text);
    else clean("NuGet");
  });
} finally {
  rmSync(folder, { recursive: true });
}

for (const place of ["Polls.Web", "Polls.Tests/Types"]) {
  ask(`npm, ${place}`, "npm", ["audit", "--json", "--package-lock-only"], join(root, place), answer => {
    if (!answer.vulnerabilities) unasked(`npm, ${place}`, answer.message ?? answer.error?.summary ?? "no answer");
    else if (Object.keys(answer.vulnerabilities).length === 0) clean(`npm, ${place}`);
    else found(`npm, ${place}`, Object.values(answer.vulnerabilities).map(package_ => `${package_.name} ${package_.range}: ${package_.severity}`));
  });
}

console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`);
process.exitCode = counts.failed > 0 ? 1 : counts.skipped > 0 ? 75 : 0;
