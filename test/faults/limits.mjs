// Changes quotas at random while frameworks launch, and holds every launch against the limit in force (test/faults/limits).
// Usage: npm run test:limits -- [--minutes 10] [--seed N]
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('test:limits: --minutes must be a number above 0, --seed a whole number');
  process.exit(2);
}
const env = { ...process.env, LIMITS_MINUTES: String(minutes), LIMITS_SEED: String(seed) };
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const args = [vitest, 'run', '--project', 'e2e', '--retry', '0', 'test/e2e/limits'];
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status ?? 1);
