// Operators' reads of a large cluster: times and bytes alone and with pollers while tasks are launched, and what pollers cost the tasks.
// Flags: --agents 10000 --tasks 100000 --pollers 20 --every-ms 2000 --subscribers 100 --rate 50 --windows 4 --seconds 8 --mode mesh|inproc --json FILE --short
// --cpu-prof FOLDER (of every service) --gzip (pollers take gzip, as most programs do by themselves) --nice N (of the pollers' process: in
// earnest they are on other machines, and take no processor from those that offer).
import { writeFileSync } from 'node:fs';
import { loadavg, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { conditions, printTable, quantiles } from './conditions.mjs';
import { Child, usageOf } from './mesh/child.mjs';
import { startInProcess, startMesh } from './mesh/clusters.mjs';

const { values: flags } = parseArgs({
  options: {
    agents: { type: 'string' },
    tasks: { type: 'string' },
    pollers: { type: 'string', default: '20' },
    'every-ms': { type: 'string', default: '2000' },
    subscribers: { type: 'string', default: '100' },
    rate: { type: 'string', default: '50' },
    windows: { type: 'string', default: '4' },
    seconds: { type: 'string' },
    mode: { type: 'string', default: 'mesh' },
    json: { type: 'string' },
    short: { type: 'boolean', default: false },
    gzip: { type: 'boolean', default: false },
    nice: { type: 'string', default: '0' },
    'cpu-prof': { type: 'string' },
  },
});
const agents = Number(flags.agents ?? (flags.short ? 200 : 10_000));
const tasks = Number(flags.tasks ?? (flags.short ? 2_000 : 100_000));
const seconds = Number(flags.seconds ?? (flags.short ? 2 : 8));
const pollers = Number(flags.pollers);
const everyMs = Number(flags['every-ms']);
const FRAMEWORKS = 10;
const PROBES = 10;
const SETTLE_MS = flags.short ? 1_000 : 5_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const call = (url, type, format) => ({
  url: `${url}/api/v1`,
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: format },
  body: JSON.stringify({ type }),
});

/** What is read: of the registry, and of offers. */
const readsOf = (registry, offers) => [
  { name: '/state', url: `${registry}/state` },
  { name: '/state, gzip', url: `${registry}/state`, headers: { 'accept-encoding': 'gzip' } },
  { name: '/state-summary', url: `${registry}/state-summary` },
  { name: '/tasks?limit=1000', url: `${offers}/tasks?limit=1000` },
  { name: 'GET_STATE, JSON', ...call(registry, 'GET_STATE', 'application/json') },
  { name: 'GET_STATE, protobuf', ...call(registry, 'GET_STATE', 'application/x-protobuf') },
  { name: '/v1/tasks?limit=100', url: `${offers}/v1/tasks?limit=100` },
];

/** Until the registry shows every task. */
async function untilKnown(registryUrl) {
  for (;;) {
    const { frameworks } = await (await fetch(`${registryUrl}/state-summary`)).json();
    const running = frameworks.reduce((sum, { TASK_RUNNING: count }) => sum + count, 0);
    if (running >= tasks) return;
    await pause(1_000);
  }
}

const rowsOf = (samples, key) =>
  Map.groupBy(samples, ({ name }) => name)
    .entries()
    .map(([name, list]) => {
      const { n, p50, p99 } = quantiles(list.map(({ tookMs }) => tookMs));
      return [name, { [`${key} n`]: n, [`${key} p50 ms`]: p50, [`${key} p99 ms`]: p99, MiB: list[0].bytes / 2 ** 20 }];
    });

/** Windows without and with pollers in turn, so that both see the same machine. */
async function compare(cluster, load, readers) {
  const taken = { without: [], with: [] };
  const reads = [];
  const cpu = { without: 0, with: 0 };
  const readersCpu = { without: 0, with: 0 };
  const ownPauseMs = { without: 0, with: 0 };
  for (let i = 0; i < Number(flags.windows) * 2; i++) {
    const kind = i % 2 === 0 ? 'without' : 'with';
    if (kind === 'with') await readers.ask('start', { clients: pollers, everyMs, takesGzip: flags.gzip });
    await pause(1_000);
    await load.ask('take');
    const before = { ...cluster.usage(), readers: usageOf(readers.pid) };
    await pause(seconds * 1_000);
    const after = { ...cluster.usage(), readers: usageOf(readers.pid) };
    readersCpu[kind] += after.readers.cpuMs - before.readers.cpuMs;
    for (const name of cluster.controlPlane) cpu[kind] += after[name].cpuMs - before[name].cpuMs;
    const { delaysMs, longestPauseMs } = await load.ask('take');
    taken[kind].push(...delaysMs);
    ownPauseMs[kind] = Math.max(ownPauseMs[kind], longestPauseMs);
    if (kind === 'with') reads.push(...(await readers.ask('stop')));
    await pause(everyMs);
  }
  return { taken, reads, cpu, readersCpu, ownPauseMs };
}

/** Streams of SUBSCRIBE that all begin at once, as after a takeover, and then follow what happens. */
async function follow(cluster, load, registryUrl) {
  const count = Number(flags.subscribers);
  const subscribers = new Child('../operator/subscribers.mjs');
  try {
    const { tookMs, bytes } = await subscribers.ask('start', { url: `${registryUrl}/api/v1`, count });
    await pause(SETTLE_MS);
    await load.ask('take');
    const before = { usage: cluster.usage(), seen: await subscribers.ask('count') };
    await pause(seconds * 1_000);
    const usage = cluster.usage();
    const seen = await subscribers.ask('count');
    const { n, p50, p99 } = quantiles((await load.ask('take')).delaysMs);
    const cpuMs = cluster.controlPlane.reduce((sum, name) => sum + usage[name].cpuMs - before.usage[name].cpuMs, 0);
    return {
      what: `${count} streams`,
      'all begun s': tookMs / 1_000,
      'MiB each': bytes / 2 ** 20,
      'events/s': (seen.records - before.seen.records) / seconds,
      tasks: n,
      'p50 ms': p50,
      'p99 ms': p99,
      'CPU ms/s': cpuMs / seconds,
    };
  } finally {
    await subscribers.end();
  }
}

const cluster = await (flags.mode === 'mesh' ? startMesh : startInProcess)(flags['cpu-prof']);
const readers = new Child('../operator/readers.mjs');
const load = new Child('../operator/steady-load.mjs');
setPriority(readers.pid, Number(flags.nice));
console.log(JSON.stringify(conditions()));
try {
  const begin = performance.now();
  const frameworks = await load.ask('subscribe', { url: cluster.schedulerUrl, count: FRAMEWORKS });
  await cluster.startAgents(agents, { perAgent: Math.round(tasks / agents), frameworks });
  const registryUrl = await cluster.registryUrl();
  await untilKnown(registryUrl);
  console.log(
    `${cluster.name}: ${agents} agents with ${tasks} tasks are known after ${((performance.now() - begin) / 1_000).toFixed(0)} s`,
  );
  await load.ask('begin', { perSecond: Number(flags.rate) });
  await readers.ask('use', { list: readsOf(registryUrl, cluster.schedulerUrl) });
  // The first read of each is the dearest, and seldom: it is not measured.
  await readers.ask('probe', { times: 1 });
  await pause(SETTLE_MS);
  const alone = new Map(rowsOf(await readers.ask('probe', { times: flags.short ? 3 : PROBES }), 'alone'));
  const { taken, reads, cpu, readersCpu, ownPauseMs } = await compare(cluster, load, readers);
  const failed = reads.filter((read) => read.failed !== undefined);
  for (const [why, list] of Map.groupBy(failed, ({ name, failed: reason }) => `${name}: ${reason}`))
    console.log(`  failed ${list.length} times: ${why}`);
  const polled = new Map(
    rowsOf(
      reads.filter((read) => read.failed === undefined),
      'polled',
    ),
  );
  const rows = [...alone].map(([name, { MiB, ...row }]) => ({ what: name, ...row, ...polled.get(name), MiB }));
  printTable(
    `Reads while ${flags.rate} tasks a second are launched, ${pollers} pollers with one read each ${everyMs} ms${flags.gzip ? ', gzip' : ''}${flags.nice === '0' ? '' : `, nice ${flags.nice}`}`,
    rows,
  );
  const windows = Number(flags.windows) * seconds;
  const delays = ['without', 'with'].map((kind) => {
    const { n, p50, p99, max } = quantiles(taken[kind]);
    return {
      what: `${kind} pollers`,
      tasks: n,
      'p50 ms': p50,
      'p99 ms': p99,
      'max ms': max,
      'own pause ms': ownPauseMs[kind],
      'CPU ms/s': cpu[kind] / windows,
      'readers CPU ms/s': readersCpu[kind] / windows,
    };
  });
  printTable('From ACCEPT to the event that the task runs', delays);
  console.log(
    `  p99 with pollers is ${(delays[1]['p99 ms'] / delays[0]['p99 ms']).toFixed(2)} times that without; load ${loadavg()[0].toFixed(1)}`,
  );
  const followed = [await follow(cluster, load, registryUrl)];
  printTable("Operators' streams, begun at once", followed);
  if (flags.json !== undefined)
    writeFileSync(flags.json, JSON.stringify({ conditions: conditions(), rows, delays, followed }, null, 2));
} finally {
  await Promise.all([readers.end(), load.end()]);
  await cluster.stop();
}
process.exit(0);
