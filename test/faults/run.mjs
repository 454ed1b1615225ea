// Starts the mesh as separate processes, loads it, breaks parts of it from a seed, and holds it to what it promises.
// Usage: npm run test:faults -- [--minutes 10] [--seed N] [--kills N] [--partitions N] [--keep]
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    kills: { type: 'string' },
    partitions: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes ?? 3);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const kills = Number(values.kills ?? Math.max(1, Math.round(minutes)));
const partitions = Number(values.partitions);
if (!(Number.isInteger(partitions) && partitions > 0)) {
  console.error('test:faults: --partitions must be a whole number from 1 on');
  process.exit(2);
}
if (!(minutes > 0) || !Number.isInteger(seed) || !(Number.isInteger(kills) && kills >= 0)) {
  console.error('test:faults: --minutes must be a number above 0, --seed a whole number, --kills one from 0 on');
  process.exit(2);
}
const env = {
  ...process.env,
  FAULTS_MINUTES: String(minutes),
  FAULTS_SEED: String(seed),
  FAULTS_KILLS: String(kills),
  FAULTS_PARTITIONS: String(partitions),
  FAULTS_KEEP: values.keep ? '1' : '0',
};
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const result = spawnSync(process.execPath, [vitest, 'run', '--project', 'faults'], {
  cwd: root,
  stdio: 'inherit',
  env,
});
process.exit(result.status ?? 1);
