import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const KINDS: Readonly<Record<string, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  gaugeOf: 'gauge',
  histogram: 'histogram',
  latency: 'histogram',
};

interface Metric {
  name: string;
  kind: string;
  help: string;
  labels: string;
  owners: Set<string>;
}

/** Every metric that the code makes: calls with a name of ours and a meaning. */
function metricsInCode(): Metric[] {
  const found = new Map<string, Metric>();
  const files = globSync('{libs,services}/*/src/**/*.ts', { cwd: ROOT }).filter(
    (path) => !/\.(spec|fakes)\.ts$/.test(path),
  );
  for (const path of files) {
    const text = readFileSync(resolve(ROOT, path), 'utf8');
    if (!text.includes("'tranche_")) continue;
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const metric = ts.isCallExpression(node) ? metricOf(node, source) : undefined;
      if (metric !== undefined) {
        const known = found.get(metric.name) ?? { ...metric, owners: new Set() };
        found.set(metric.name, { ...known, owners: known.owners.add(path.split('/')[1] ?? '') });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

function metricOf(
  { expression, arguments: given }: ts.CallExpression,
  source: ts.SourceFile,
): Omit<Metric, 'owners'> | undefined {
  const method = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText(source);
  const kind = KINDS[method];
  const [name, help, labels] = given;
  if (kind === undefined || name === undefined || !ts.isStringLiteral(name) || !name.text.startsWith('tranche_'))
    return undefined;
  if (help === undefined || !ts.isStringLiteralLike(help))
    throw new Error(`${source.fileName}: ${name.text} has no meaning`);
  return { name: name.text, kind, help: help.text, labels: labelsOf(labels, source) };
}

/** The label names, also where they stand in a constant of the file. */
function labelsOf(labels: ts.Expression | undefined, source: ts.SourceFile): string {
  if (labels === undefined) return '';
  if (ts.isArrayLiteralExpression(labels)) {
    return labels.elements.map((one) => (ts.isStringLiteral(one) ? one.text : one.getText(source))).join(', ');
  }
  if (ts.isAsExpression(labels)) return labelsOf(labels.expression, source);
  const declared = new RegExp(`const ${labels.getText(source)}[^=]*= (\\[[^\\]]*\\])`).exec(source.text)?.[1];
  return declared === undefined ? '' : [...declared.matchAll(/'([a-z_]+)'/g)].map(([, label]) => label).join(', ');
}

const LIBS: Readonly<Record<string, string>> = {
  http: 'each',
  messaging: 'each',
  telemetry: 'each',
  persistence: 'with a database',
};

const row = ({ name, kind, help, labels, owners }: Metric): string => {
  const by = [...owners].map((owner) => LIBS[owner] ?? owner).join(', ');
  return `| \`${name}\` | ${kind} | ${labels === '' ? '–' : labels} | ${by} | ${help} |`;
};

it('docs/metrics.md lists every metric, with its labels and meaning', async () => {
  const metrics = metricsInCode();
  expect(metrics.length).toBeGreaterThan(20);
  const text = [
    '<!-- Generated from the calls that make metrics by `npm run docs`; do not edit. -->',
    '# Metrics',
    '',
    'Each service serves these at `/metrics`, in the Prometheus text format, or in OpenMetrics for a client that accepts it: durations then have',
    'the trace id of one observation in each bucket as exemplar (`tranche trace ID` shows it). Every metric has the label `service` besides its',
    'own, and `partition` where the service is cut into several.',
    "Units are in the names. Node's standard `process_*` and `nodejs_*` are served, too. `/metrics/snapshot` has Mesos' names.",
    '',
    'Labels are bounded: never ids of tasks, offers or traces; frameworks and roles by name, and from the 200th on as `other`.',
    '',
    '| metric | type | labels | service | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...metrics.map(row),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/metrics.md');
});
