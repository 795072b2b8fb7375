// node grafana.mjs FILE...: checks dashboards against the published types of Grafana: the whole, each panel, and what its kind
// of panel takes as options. Values that Grafana's types name by enumerations stand as their texts in JSON; "Plain" says so.
// Prints "FILE part: message" for each thing wrong and ends with 1; ends with 0 and no word when nothing is.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = join(dirname(fileURLToPath(import.meta.url)), "node_modules");

// Kinds of panels that we use: the types of their options, and whether they have settings per field.
const kinds = {
  bargauge: ["BarGauge", false],
  heatmap: ["Heatmap", true],
  stat: ["Stat", false],
  "state-timeline": ["StateTimeline", true],
  table: ["Table", true],
  timeseries: ["TimeSeries", true],
};

const plain = `
type Plain<T> = T extends string ? \`\${T}\`
  : T extends (infer Item)[] ? Plain<Item>[]
  : T extends object ? { [Name in keyof T]: Plain<T[Name]> }
  : T;
`;

// Not among the published types: what Prometheus' plugin takes.
const prometheus = `
type Source = { type: "prometheus"; uid: "\${datasource}" };
type Query = {
  refId: string; datasource: Source; expr: string; legendFormat: string;
  range?: true; instant?: true; format?: "table" | "heatmap";
};
type Mark = {
  name: string; datasource: Source; enable: boolean; iconColor: string; target: { refId: "Anno"; expr: string; interval?: string };
  titleFormat?: string; textFormat?: string; useValueForTime?: boolean;
};
`;

const complaints = [];
const sources = [];

/** Compiles modules, given as pairs of what to call one in a complaint and its text; returns "NAME: message" for each thing wrong. */
function compile(sources) {
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

function constant(name, type, value) {
  return `export const ${name}: ${type} = ${JSON.stringify(value, null, 1)};\n`;
}

function addPanel(file, panel) {
  const name = `${file} panel ${panel.id} ${JSON.stringify(panel.title)}`;
  if (panel.type === "row") {
    sources.push([name, `import type { RowPanel } from "@grafana/schema";\n${plain}${constant("row", "Plain<RowPanel>", panel)}`]);
    return;
  }
  if (!(panel.type in kinds)) {
    complaints.push(`${name}: the kind ${panel.type} is not on the list`);
    return;
  }
  const [kind, hasFields] = kinds[panel.type];
  const { options, targets, ...rest } = panel;
  const custom = rest.fieldConfig?.defaults?.custom;
  if (custom) delete rest.fieldConfig.defaults.custom;
  sources.push([name,
    `import type { Panel } from "@grafana/schema";\n`
    + `import type { Options${hasFields ? ", FieldConfig" : ""} } from "@grafana/schema/dist/types/raw/composable/`
    + `${panel.type.replaceAll("-", "")}/panelcfg/x/${kind}PanelCfg_types.gen.d.ts";\n`
    + plain + prometheus
    + constant("panel", "Plain<Panel>", rest)
    + constant("options", "Plain<Options>", options)
    + constant("custom", hasFields ? "Plain<Partial<FieldConfig>>" : "undefined", custom ?? (hasFields ? {} : undefined))
    + constant("targets", "Query[]", targets)]);
}

for (const file of process.argv.slice(2)) {
  try {
    const { panels, annotations, ...rest } = JSON.parse(readFileSync(file, "utf8"));
    sources.push([`${file} dashboard`,
      `import type { Dashboard } from "@grafana/schema";\n${plain}${prometheus}`
      + constant("dashboard", "Plain<Dashboard>", rest)
      + constant("annotations", "{ list: Mark[] }", annotations)]);
    for (const panel of panels) addPanel(file, panel);
  } catch (error) {
    complaints.push(`${file}: ${error.message.replaceAll("\n", " ")}`);
  }
}

complaints.push(...compile(sources));
if (sources.length === 0) complaints.push("no dashboard");
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
