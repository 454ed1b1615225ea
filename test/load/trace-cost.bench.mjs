// What tracing costs: tasks a second and CPU time a task of the local cluster with tracing off, kept in the ring, and exported by OTLP.
// Flags: --tasks N (400), --rounds N (3). Each round runs every mode once, in turn, so that a change of the machine's load meets all of them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isTerminal, packOffer, Scheduler } from '@tranche/scheduler';
import { inSpan, runInSpan, serviceTracer } from '@tranche/telemetry';
import { conditions, printTable } from './conditions.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: flags } = parseArgs({ options: { tasks: { type: 'string' }, rounds: { type: 'string' } } });
const total = Number(flags.tasks ?? 400);
const rounds = Number(flags.rounds ?? 3);
const port = 23_150;
const url = `http://127.0.0.1:${port}`;
const TINY = { cpus: 0.001, memMb: 32 };
/** Of /proc/PID/stat: a hundred a second on every Linux that runs containers. */
const TICKS_A_SECOND = 100;

const received = { requests: 0, bytes: 0 };
const collector = createServer((request, response) => {
  request.on('data', (chunk) => {
    received.bytes += chunk.length;
  });
  request.on('end', () => {
    received.requests += 1;
    response.writeHead(200).end();
  });
});
await new Promise((resolve) => collector.listen(0, '127.0.0.1', resolve));

const MODES = {
  off: { TRACE_RING_BYTES: '0' },
  ring: {},
  exported: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.address().port}` },
};

async function startCluster(data, env) {
  const args = [
    'libs/local/dist/main.js',
    '--port',
    String(port),
    '--data',
    data,
    '--containers',
    'process',
    '--agents',
    '2',
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('Ready in')) resolve();
    });
    child.once('close', (status) => reject(new Error(`the cluster ended with ${status}\n${text}`)));
  });
  return child;
}

/** CPU time of the cluster's process, its tasks not included, in milliseconds. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1000;
}

/** All tasks in as few ACCEPTs as the offers allow. @returns seconds from the first ACCEPT to the last end */
async function burst() {
  const scheduler = new Scheduler({ url, framework: { user: 'root', name: 'bench-trace' } });
  let waiting = Array.from({ length: total }, (_, i) => ({ id: `t-${i}`, command: ['true'], ...TINY }));
  let begin;
  let done = 0;
  for await (const event of scheduler) {
    if (event.type === 'offers') {
      for (const offer of event.offers) {
        const packed = packOffer(offer, waiting);
        waiting = packed.waiting;
        begin ??= performance.now();
        await scheduler.launch(offer, packed.launched, { refuse_seconds: waiting.length > 0 ? 0 : 3600 });
      }
    } else if (event.type === 'update' && isTerminal(event.status.state) && ++done === total) break;
  }
  const seconds = (performance.now() - begin) / 1000;
  await scheduler.teardown().catch(() => undefined);
  scheduler.close();
  return seconds;
}

async function measure(mode) {
  const data = mkdtempSync(join(tmpdir(), 'tranche-bench-'));
  const child = await startCluster(join(data, 'data'), MODES[mode]);
  const before = cpuMs(child.pid);
  const seconds = await burst();
  const used = cpuMs(child.pid) - before;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGINT');
  await closed;
  rmSync(data, { recursive: true, force: true });
  return { tasksPerSecond: total / seconds, cpuMsPerTask: used / total };
}

/** Nanoseconds of one `inSpan` around nothing, inside of a trace. */
function nanosPerSpan(tracer) {
  const span = tracer.begin('bench', undefined);
  const run = (count) =>
    runInSpan(tracer, span, () => {
      for (let i = 0; i < count; i += 1) inSpan('inner', { attributes: { 'tranche.task.id': 't' } }, () => i);
    });
  run(50_000);
  const begin = performance.now();
  run(200_000);
  return ((performance.now() - begin) * 1e6) / 200_000;
}

const report = { conditions: conditions(), tasks: total, rounds };
console.log(`conditions  ${JSON.stringify(report.conditions)}`);
printTable('one span, nanoseconds', [
  { mode: 'off', ns: Math.round(nanosPerSpan(serviceTracer('bench', 0))) },
  { mode: 'ring', ns: Math.round(nanosPerSpan(serviceTracer('bench', 64 << 20))) },
]);
const samples = Object.fromEntries(Object.keys(MODES).map((mode) => [mode, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const mode of Object.keys(MODES)) samples[mode].push(await measure(mode));
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
printTable(
  `${total} tasks at once, plain processes, median of ${rounds} rounds`,
  Object.entries(samples).map(([mode, runs]) => ({
    mode,
    'tasks/s': median(runs.map((run) => run.tasksPerSecond)),
    'CPU ms/task': median(runs.map((run) => run.cpuMsPerTask)),
    'CPU ms/task, least': Math.min(...runs.map((run) => run.cpuMsPerTask)),
  })),
);
console.log(`\nthe collector got ${received.requests} requests, ${Math.round(received.bytes / 1024)} KiB`);
collector.close();
