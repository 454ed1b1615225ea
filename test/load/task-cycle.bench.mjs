// What a no-op task costs through the whole offer cycle, beside bare `crun run` in the same run; tasks a second; time from start to ready.
// Flags: --tasks N (sequential tasks, 100), --burst N (tasks at once, 300), --starts N (5), --json FILE, --short (for CI).
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commandTask, isTerminal, packOffer, Scheduler, takeResources } from '@tranche/scheduler';
import { BareCrun } from './bare-crun.mjs';
import { conditions, printTable, quantiles } from './conditions.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    tasks: { type: 'string' },
    burst: { type: 'string' },
    starts: { type: 'string' },
    json: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});
const count = Number(flags.tasks ?? (flags.short ? 20 : 100));
const burst = Number(flags.burst ?? (flags.short ? 60 : 300));
const starts = Number(flags.starts ?? (flags.short ? 2 : 5));
const port = 23_050;
const url = `http://127.0.0.1:${port}`;
const TINY = { cpus: 0.001, memMb: 32 };

/** Starts the cluster as `npm start` does, after the set-up. @returns the process and the milliseconds until it said ready */
async function startCluster(data, ...more) {
  const begin = performance.now();
  const args = ['libs/local/dist/main.js', '--port', String(port), '--data', data, ...more];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const output = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('Ready in')) resolve(text);
    });
    child.once('close', (status) => reject(new Error(`the cluster ended with ${status}\n${text}`)));
  });
  return { child, output, readyMs: performance.now() - begin };
}

async function stopCluster({ child }) {
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGINT');
  await closed;
}

/** One framework that launches a task, waits for its end, and launches the next. */
async function sequential(total, between) {
  const samples = { running: [], finished: [], floor: [] };
  const scheduler = new Scheduler({ url, framework: { user: 'root', name: 'bench-sequential', checkpoint: true } });
  let current;
  let done = 0;
  for await (const event of scheduler) {
    if (event.type === 'offers') {
      const [offer, ...others] = event.offers;
      if (current !== undefined || offer === undefined) {
        await scheduler.decline(event.offers, { refuse_seconds: 0.001 });
        continue;
      }
      if (others.length > 0) await scheduler.decline(others, { refuse_seconds: 3600 });
      const cut = takeResources(offer.resources, TINY);
      if (!cut.ok) throw new Error('the offer is too small');
      samples.floor.push(await between());
      const task = commandTask(
        { id: `seq-${done}`, command: ['true'], ...TINY },
        { agentId: offer.agent_id.value, resources: cut.taken },
      );
      current = { id: `seq-${done}`, acceptedAt: performance.now() };
      await scheduler.launch(offer, [task], { refuse_seconds: 0 });
    } else if (event.type === 'update' && event.status.task_id.value === current?.id) {
      const { state, message } = event.status;
      const ms = performance.now() - current.acceptedAt;
      if (state === 'TASK_RUNNING') samples.running.push(ms);
      if (!isTerminal(state)) continue;
      if (state !== 'TASK_FINISHED') throw new Error(`${current.id} ended as ${state}: ${message}`);
      samples.finished.push(ms);
      current = undefined;
      if (++done === total) break;
      await scheduler.revive();
    }
  }
  await scheduler.teardown().catch(() => undefined);
  scheduler.close();
  return samples;
}

/** All tasks of one burst in as few ACCEPTs as the offers allow. @returns seconds from the first ACCEPT to the last end */
async function throughput(total) {
  const scheduler = new Scheduler({ url, framework: { user: 'root', name: 'bench-burst', checkpoint: true } });
  let waiting = Array.from({ length: total }, (_, i) => ({ id: `burst-${i}`, command: ['true'], ...TINY }));
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
    } else if (event.type === 'update' && isTerminal(event.status.state)) {
      if (event.status.state !== 'TASK_FINISHED') throw new Error(`${event.status.state}: ${event.status.message}`);
      if (++done === total) break;
    }
  }
  const seconds = (performance.now() - begin) / 1000;
  await scheduler.teardown().catch(() => undefined);
  scheduler.close();
  return seconds;
}

const data = join(mkdtempSync(join(tmpdir(), 'tranche-bench-')), 'data');
const report = { conditions: conditions(), tasks: count, burst };
console.log(`conditions  ${JSON.stringify(report.conditions)}`);
const floor = new BareCrun();
try {
  const readyMs = [];
  let cluster;
  for (let i = 0; i < starts; i++) {
    cluster = await startCluster(data, '--agents', '3');
    readyMs.push(cluster.readyMs);
    await stopCluster(cluster);
  }
  cluster = await startCluster(data, '--agents', '1', '--reset');
  report.containers = /containers: (.*)/.exec(cluster.output)?.[1];
  let bare = () => floor.run();
  await bare().catch((error) => {
    console.log(`bare crun run cannot be measured here: ${error.message}`);
    bare = async () => Number.NaN;
  });
  await sequential(5, bare); // warm-up
  const samples = await sequential(count, bare);
  const seconds = await throughput(burst);
  await stopCluster(cluster);
  report.milliseconds = {
    'accept → running': quantiles(samples.running),
    'submit → finished': quantiles(samples.finished),
    'bare crun run': quantiles(samples.floor),
    'start → ready': quantiles(readyMs),
  };
  report.tasksPerSecond = burst / seconds;
  report.ratioToBareCrun = report.milliseconds['submit → finished'].p50 / report.milliseconds['bare crun run'].p50;
} finally {
  floor.close();
  rmSync(join(data, '..'), { recursive: true, force: true });
}
console.log(`containers  ${report.containers}`);
printTable(
  'milliseconds',
  Object.entries(report.milliseconds).map(([what, q]) => ({ what, ...q })),
);
console.log(`\n  submit → finished is ${report.ratioToBareCrun.toFixed(1)} × bare crun run (p50)`);
console.log(
  `  ${report.tasksPerSecond.toFixed(1)} tasks a second on one agent (${burst} at once, to the last TASK_FINISHED)`,
);
if (flags.json) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
