// Runs benches by name: `npm run bench` the task cycle, `npm run bench -- allocator` the allocation engine. Further flags go to the bench.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const BENCHES = {
  cycle: 'test/load/task-cycle.bench.mjs',
  allocator: 'libs/allocation/bench/allocator.bench.mjs',
  agent: 'test/load/agent.bench.mjs',
  trace: 'test/load/trace-cost.bench.mjs',
  mesh: 'test/load/mesh.bench.mjs',
  operator: 'test/load/operator.bench.mjs',
  'scheduler-api': 'test/load/scheduler-api.bench.mjs',
};
const [first = 'cycle', ...rest] = process.argv.slice(2);
const named = first in BENCHES;
const file = BENCHES[named ? first : 'cycle'];
if (!existsSync(join(root, file))) {
  console.error(`bench: ${file} does not exist; there are ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const args = ['--expose-gc', join(root, file), ...(named ? rest : process.argv.slice(2))];
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit', cwd: root }).status ?? 1);
