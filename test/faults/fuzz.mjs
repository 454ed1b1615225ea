// Sends mutated calls to the scheduler API, in JSON and in protobuf, and holds it to three things: nothing crashes, every answer is a
// documented status, the heap does not grow. Usage: node --expose-gc test/faults/fuzz.mjs [--calls 100000] [--seed N] [--short]
import { parseArgs } from 'node:util';
import v8 from 'node:v8';
import vm from 'node:vm';
import { Caller } from './fuzz/caller.mjs';
import { FuzzCluster } from './fuzz/cluster.mjs';
import { mutatedCall } from './fuzz/mutate.mjs';
import { Random } from './fuzz/random.mjs';

const { values } = parseArgs({
  options: { calls: { type: 'string' }, seed: { type: 'string' }, short: { type: 'boolean', default: false } },
});
const calls = Number(values.calls ?? (values.short ? 2_000 : 100_000));
const seed = Number(values.seed ?? Math.floor(Date.now() % 2 ** 31));

/** Statuses of the scheduler API (§2 of its reference), and 413 for a body over the limit. */
const DOCUMENTED = new Set([200, 202, 400, 401, 403, 405, 406, 413, 415, 501, 503]);
/** After so many calls all frameworks end, so that what lives is bounded and what is left is a leak. */
const ROUND = 1_000;
/** Calls that are under way at one time. */
const WIDTH = 8;
/** More than this above the heap after the first rounds is a leak: the noise of compiled code and pools is below it. */
const MAX_GROWTH_BYTES = 8 << 20;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
async function heapBytes() {
  for (let i = 0; i < 4; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().heapUsed;
}

const faults = [];
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error) => faults.push(`${event}: ${error?.stack ?? error}`));
}

console.log(`fuzz: ${calls} calls, seed ${seed}`);
const random = new Random(seed);
const cluster = await FuzzCluster.start();
const caller = new Caller(cluster);
const statuses = new Map();
const warmUp = Math.min(calls, Math.max(2 * ROUND, Math.ceil(calls / 10)));
let baseline = 0;
const begin = performance.now();

/** Sends a round's calls, some at a time, and counts their answers. */
async function playRound(count) {
  await caller.subscribeAll();
  for (let i = 0; i < count; i += WIDTH) {
    const batch = Array.from({ length: Math.min(WIDTH, count - i) }, () => mutatedCall(random, caller.known()));
    const answers = await Promise.all(
      batch.map((call) => caller.send(call).catch((error) => ({ status: error.code ?? error.message }))),
    );
    for (const [at, { status, body }] of answers.entries()) note(batch[at], status, body);
  }
  await caller.endAll();
  faults.push(...cluster.takeFaults());
}

function note(call, status, body) {
  const row = statuses.get(status) ?? { JSON: 0, protobuf: 0 };
  row[call.encoding]++;
  statuses.set(status, row);
  if (DOCUMENTED.has(status)) return;
  const { framework: _framework, ...sent } = { ...call, body: call.body.toString('latin1').slice(0, 2_000) };
  faults.push(`status ${status} ${body ?? ''} for ${JSON.stringify(sent)}`);
}

let end = 0;
try {
  for (let sent = 0; sent < calls; sent += ROUND) {
    await playRound(Math.min(ROUND, calls - sent));
    if (baseline === 0 && sent + ROUND >= warmUp) baseline = await heapBytes();
  }
  end = await heapBytes();
  await cluster.checkAlive();
} catch (error) {
  faults.push(`the run broke off: ${error.stack}`);
}
const seconds = (performance.now() - begin) / 1000;
caller.close();
await cluster.stop();

console.table(Object.fromEntries([...statuses].toSorted(([a], [b]) => Number(a) - Number(b))));
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
console.log(
  `${Math.round(calls / seconds)} calls a second; heap ${mib(baseline)} after ${warmUp} calls, ${mib(end)} at the end`,
);
if (calls > warmUp && end - baseline > MAX_GROWTH_BYTES)
  faults.push(`the heap grew by ${mib(end - baseline)}, more than ${mib(MAX_GROWTH_BYTES)}`);
for (const fault of faults.slice(0, 20)) console.error(`fault: ${fault}`);
if (faults.length > 0)
  console.error(`${faults.length} faults; again with: node test/faults/fuzz.mjs --calls ${calls} --seed ${seed}`);
process.exit(faults.length > 0 ? 1 : 0);
