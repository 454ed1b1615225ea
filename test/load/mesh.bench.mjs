// The control plane with an emulated fleet: tasks a second, added delay, messages and CPU of a task, memory of agents, the price of /state.
// Flags: --agents 1000 --seconds 10 --frameworks 8 --in-flight 160 --state-agents 10000 --modes rabbit,inproc,state --json FILE --short
// --cpu-prof FOLDER (of every service) --nice N (of the clients that read /state: in earnest they are on other machines).
import { writeFileSync } from 'node:fs';
import { loadavg, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { conditions, printTable, quantiles } from './conditions.mjs';
import { Child, usageOf } from './mesh/child.mjs';
import { startInProcess, startMesh } from './mesh/clusters.mjs';
import { Load } from './mesh/load.mjs';

const { values: flags } = parseArgs({
  options: {
    agents: { type: 'string' },
    seconds: { type: 'string' },
    frameworks: { type: 'string', default: '8' },
    'in-flight': { type: 'string', default: '160' },
    'state-agents': { type: 'string' },
    modes: { type: 'string', default: 'rabbit,inproc,state' },
    json: { type: 'string' },
    short: { type: 'boolean', default: false },
    nice: { type: 'string', default: '0' },
    'cpu-prof': { type: 'string' },
  },
});
const agents = Number(flags.agents ?? (flags.short ? 100 : 1_000));
const stateAgents = Number(flags['state-agents'] ?? (flags.short ? 500 : 10_000));
const seconds = Number(flags.seconds ?? (flags.short ? 3 : 10));
const frameworks = Number(flags.frameworks);
const POLLERS = 20;
/** As who watches a cluster closely. */
const POLL_EVERY_MS = 1_000;
const TASKS_PER_AGENT = 4;
/** What is measured first: a control plane that has as much to do as it can, but nothing that waits long in line. */
const inFlight = Number(flags['in-flight']);
const WARM_UP_TASKS = 2_000;
const WARM_UP_MS = 60_000;
const IDLE_MS = 5_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const totalOf = (usage, names, key) => names.reduce((sum, name) => sum + usage[name][key], 0);

/** Registers the fleet. @returns what it cost */
async function bringFleet(cluster, count) {
  const before = cluster.usage();
  const begin = performance.now();
  await cluster.startAgents(count);
  const tookS = (performance.now() - begin) / 1_000;
  await pause(2_000);
  const after = cluster.usage();
  const perThousand = (name) => ((after[name].rssMib - before[name].rssMib) * 1_000) / count;
  console.log(
    `${cluster.name}: ${count} agents registered in ${tookS.toFixed(1)} s (${Math.round(count / tookS)} a second)`,
  );
  return { names: Object.keys(after), perThousand };
}

/** What the fleet costs without a task: heartbeats, the interval of the allocator, replicas that wait. @returns processor ms a second, by name */
async function idleCost(cluster) {
  const before = { usage: cluster.usage(), atMs: performance.now() };
  await pause(IDLE_MS);
  const usage = cluster.usage();
  const tookS = (performance.now() - before.atMs) / 1_000;
  const cost = Object.fromEntries(
    Object.entries(usage).map(([name, { cpuMs }]) => [name, (cpuMs - before.usage[name].cpuMs) / tookS]),
  );
  console.log(
    `  CPU ms a second without tasks: ${Object.entries(cost)
      .map(([name, value]) => `${name} ${value.toFixed(0)}`)
      .join(', ')}`,
  );
  return cost;
}

/** Until many tasks have ended: nothing that only the first ones cost is measured. */
async function warmUp(load, count) {
  const begin = performance.now();
  const enough = Math.min(WARM_UP_TASKS, count * TASKS_PER_AGENT);
  let finished = 0;
  while (finished < enough && performance.now() - begin < WARM_UP_MS) {
    await pause(500);
    finished += load.take().finished;
  }
}

/** Counts for some seconds. */
async function measure(cluster, load, label, idle) {
  load.take();
  const before = { usage: cluster.usage(), sent: await cluster.sent(), atMs: performance.now() };
  await pause(seconds * 1_000);
  const { delaysMs, finished, failed } = load.take();
  if (finished === 0) throw new Error(`no task has ended in ${seconds} s; ${delaysMs.length} have begun`);
  const tookS = (performance.now() - before.atMs) / 1_000;
  const usage = cluster.usage();
  const sent = await cluster.sent();
  const messages = Object.entries(sent).map(([name, value]) => [name, (value - (before.sent[name] ?? 0)) / finished]);
  const counted = messages.filter(([name, value]) => value > 0.005 && !name.startsWith('agent.heartbeat'));
  const { p50, p99 } = quantiles(delaysMs);
  const cpu = (names) => (totalOf(usage, names, 'cpuMs') - totalOf(before.usage, names, 'cpuMs')) / finished;
  const row = {
    what: label,
    'tasks/s': finished / tookS,
    'delay p50 ms': p50,
    'delay p99 ms': p99,
    'messages/task': counted.reduce((sum, [, value]) => sum + value, 0),
    'control plane CPU ms/task': cpu(cluster.controlPlane),
    'above idle':
      cpu(cluster.controlPlane) - (cluster.controlPlane.reduce((sum, name) => sum + idle[name], 0) * tookS) / finished,
    failed,
    load: loadavg()[0],
  };
  const parts = Object.keys(usage).map((name) => [name, cpu([name])]);
  return { row, parts, messages: counted };
}

function printParts({ parts, messages }) {
  console.log(`  CPU ms a task: ${parts.map(([name, value]) => `${name} ${value.toFixed(2)}`).join(', ')}`);
  console.log(
    `  messages a task: ${messages
      .toSorted((a, b) => b[1] - a[1])
      .map(([name, value]) => `${name} ${value.toFixed(2)}`)
      .join(', ')}`,
  );
}

async function benchTasks(start) {
  const cluster = await start(flags['cpu-prof']);
  try {
    const { names, perThousand } = await bringFleet(cluster, agents);
    const idle = await idleCost(cluster);
    const load = new Load(cluster.schedulerUrl, frameworks, inFlight);
    await warmUp(load, agents);
    const few = await measure(cluster, load, `${cluster.name}, ${agents} agents, ${inFlight} at a time`, idle);
    printParts(few);
    load.limit(agents * TASKS_PER_AGENT);
    await warmUp(load, agents);
    const all = await measure(cluster, load, `the same, ${agents * TASKS_PER_AGENT} at a time`, idle);
    printParts(all);
    console.log(
      `  memory of 1,000 agents, MiB: ${names.map((name) => `${name} ${perThousand(name).toFixed(0)}`).join(', ')}`,
    );
    await load.end();
    return [few.row, all.row];
  } finally {
    await cluster.stop();
  }
}

/** The same load without and with clients that read /state every second. */
async function benchState() {
  const cluster = await startMesh(flags['cpu-prof']);
  const pollers = new Child('pollers.mjs');
  setPriority(pollers.pid, Number(flags.nice));
  try {
    await bringFleet(cluster, stateAgents);
    const idle = await idleCost(cluster);
    const load = new Load(cluster.schedulerUrl, frameworks, inFlight);
    await warmUp(load, stateAgents);
    const without = await measure(cluster, load, `${stateAgents} agents, ${inFlight} at a time`, idle);
    printParts(without);
    await pollers.ask('start', {
      url: `${await cluster.registryUrl()}/state`,
      clients: POLLERS,
      everyMs: POLL_EVERY_MS,
    });
    await pause(2_000);
    const begun = { ...(await pollers.ask('count')), ...usageOf(pollers.pid), atMs: performance.now() };
    const during = await measure(cluster, load, `the same, ${POLLERS} clients read /state`, idle);
    const cpuMs = usageOf(pollers.pid).cpuMs - begun.cpuMs;
    const tookS = (performance.now() - begun.atMs) / 1_000;
    const ended = await pollers.ask('stop');
    printParts(during);
    const polls = ended.polls - begun.polls;
    console.log(
      `  ${(polls / seconds).toFixed(1)} times /state a second, ${((ended.bytes - begun.bytes) / 2 ** 20 / Math.max(1, polls)).toFixed(1)} MiB each; the clients themselves ${(cpuMs / tookS).toFixed(0)} ms of CPU a second, nice ${flags.nice}`,
    );
    await load.end();
    return [without.row, during.row];
  } finally {
    await pollers.end();
    await cluster.stop();
  }
}

const MODES = { rabbit: () => benchTasks(startMesh), inproc: () => benchTasks(startInProcess), state: benchState };
console.log(JSON.stringify(conditions()));
const rows = [];
for (const mode of flags.modes.split(',')) rows.push(...(await MODES[mode]()));
printTable(`Tasks through the control plane, ${frameworks} frameworks, tasks that run no time, emulated agents`, rows);
if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify({ conditions: conditions(), rows }, null, 2));
process.exit(0);
