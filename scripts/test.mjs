// Runs every kind of test in one process after another and ends with one line: N passed, N failed, N skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Faults come last: they load the machine most. Longer runs with seeds of one's own: `npm run test:faults`.
const PROJECTS = ['unit', 'integration', 'root', 'e2e', 'mesh', 'faults'];
/** The mesh repeats what e2e does in one process, in several times the time: here a share of it, all of it by `npm run test:mesh`. */
const SHARES = {
  mesh: [
    'test/conformance/replay.e2e-spec.ts',
    'test/e2e/operator-stream.e2e-spec.ts',
    'test/e2e/quota.e2e-spec.ts',
    'test/e2e/trace.e2e-spec.ts',
  ],
};
const chosen = process.argv.slice(2).filter((word) => PROJECTS.includes(word));
const folder = mkdtempSync(join(tmpdir(), 'tranche-test-'));
const sum = { passed: 0, failed: 0, skipped: 0 };
let broken = false;

/** Why a project cannot run on this machine, told and counted as one skipped test. */
async function obstacle(project) {
  if (project !== 'mesh') return undefined;
  const { TestServers, readTestServersConfig } = await import('../libs/test-servers/dist/index.js');
  const servers = await TestServers.find(readTestServersConfig(), () => undefined);
  return servers.missing('amqp') ?? servers.missing('mysql');
}

for (const project of chosen.length > 0 ? chosen : PROJECTS) {
  const reason = await obstacle(project);
  if (reason !== undefined) {
    console.log(`skipped: ${project} tests: ${reason}`);
    sum.skipped++;
    continue;
  }
  const report = join(folder, `${project}.json`);
  console.log(`\n== ${project} tests`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=dot',
    '--reporter=./scripts/second-tries.mjs',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...(SHARES[project] ?? []),
  ];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const result = spawnSync(process.execPath, [vitest, ...args, '--passWithNoTests'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) broken = true;
  try {
    const { testResults, ...counts } = JSON.parse(readFileSync(report, 'utf8'));
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = counts;
    // A test that cannot run here says why in its title or group.
    for (const test of testResults.flatMap((file) => file.assertionResults)) {
      if (test.status === 'skipped' || test.status === 'pending') console.log(`skipped: ${test.fullName}`);
    }
    sum.passed += numPassedTests;
    sum.failed += numFailedTests;
    sum.skipped += numPendingTests + numTodoTests;
  } catch (error) {
    console.error(`the ${project} tests left no report: ${error.message}`);
    broken = true;
  }
}
rmSync(folder, { recursive: true });
// A crash outside of any test fails the run although no single test did.
if (broken && sum.failed === 0) sum.failed = 1;
console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exit(broken || sum.failed > 0 ? 1 : 0);
