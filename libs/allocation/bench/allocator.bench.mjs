// Measures the allocation engine in the shapes of published benchmarks, so that the figures can be set side by side.
// npm run bench:allocator [-- --only TEXT] [--repeat N] [--json [FILE]]
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './shapes/measure.mjs';
import { MEASUREMENTS, warmUp } from './shapes/shapes.mjs';

const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    repeat: { type: 'string', default: '3' },
    json: { type: 'string' },
    measure: { type: 'string' },
  },
  allowPositionals: true,
});

if (values.measure !== undefined) {
  const measurement = MEASUREMENTS.find(({ key }) => key === values.measure);
  warmUp();
  process.stdout.write(JSON.stringify(measurement.run()));
} else {
  const results = MEASUREMENTS.filter(({ key }) => key.includes(values.only)).map(({ key }) => ({
    key,
    ...measure(key),
  }));
  const report = { node: process.version, cpu: cpus()[0]?.model, repeats: Number(values.repeat), results };
  for (const group of new Set(results.map(({ key }) => key.split(':')[0]))) {
    const rows = results.filter(({ key }) => key.startsWith(`${group}:`));
    console.table(Object.fromEntries(rows.map(({ key, shape: _shape, ...figures }) => [key, figures])));
  }
  if (values.json !== undefined) writeFileSync(values.json || positionals[0], `${JSON.stringify(report, null, 2)}\n`);
}

/** Medians over several processes: a fresh one knows nothing of the others' garbage and compiled code. */
function measure(key) {
  const runs = Array.from({ length: Number(values.repeat) }, () => inOwnProcess(key));
  const result = Object.fromEntries(
    Object.entries(runs[0]).map(([name, value]) => [
      name,
      typeof value === 'number' ? median(runs.map((run) => run[name])) : value,
    ]),
  );
  const cells = Object.entries(result)
    .filter(([name]) => name !== 'shape')
    .map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${key.padEnd(28)} ${cells.join(' · ')}\n`);
  return result;
}

function inOwnProcess(key) {
  const file = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, ['--expose-gc', file, '--measure', key], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${key} failed: ${child.stderr}`);
  return JSON.parse(child.stdout);
}
