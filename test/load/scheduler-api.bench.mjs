// The scheduler API under load: calls and events a second with 1, 100 and 1,000 connected frameworks, CPU of the offers service for a task,
// time from a fact to its event. Flags: --frameworks 1,100,1000 --seconds 5 --json FILE --short --cpu-prof (of the service, into a folder).
import { fork } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { conditions, printTable, quantiles } from './conditions.mjs';
import { Clients } from './scheduler-api/clients.mjs';

const { values: flags } = parseArgs({
  options: {
    frameworks: { type: 'string', default: '1,100,1000' },
    seconds: { type: 'string' },
    json: { type: 'string' },
    short: { type: 'boolean', default: false },
    'cpu-prof': { type: 'boolean', default: false },
  },
});
const counts = flags.short ? [1, 20] : flags.frameworks.split(',').map(Number);
const seconds = Number(flags.seconds ?? (flags.short ? 0.5 : 5));
const TYPES = { JSON: 'application/json', protobuf: 'application/x-protobuf' };

/** Starts the offers service in a process of its own. */
async function startService() {
  const folder = flags['cpu-prof'] ? mkdtempSync(join(tmpdir(), 'scheduler-api-prof-')) : undefined;
  const execArgv = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const child = fork(fileURLToPath(new URL('scheduler-api/service.mjs', import.meta.url)), [], { execArgv });
  const waiting = new Map();
  let ids = 0;
  const ready = new Promise((resolve, reject) => {
    waiting.set(0, resolve);
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
  child.on('message', ([id, result]) => waiting.get(id)?.(result));
  const order = (what, ...given) =>
    new Promise((resolve) => {
      waiting.set(++ids, resolve);
      child.send([ids, what, ...given]);
    });
  await ready;
  return { order, folder, url: await order('url') };
}

const cpuMs = ({ user, system }) => (user + system) / 1000;

/** Does something over and over, `width` at a time, until the time is over. @returns how often a second, and the service's CPU for one */
async function rate({ order }, width, each) {
  const before = cpuMs(await order('cpu'));
  const begin = performance.now();
  let done = 0;
  const worker = async () => {
    while (performance.now() - begin < seconds * 1000) {
      await each(done);
      done++;
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  const took = (performance.now() - begin) / 1000;
  return { perSecond: Math.round(done / took), cpuUs: ((cpuMs(await order('cpu')) - before) * 1000) / done };
}

/** The next time that so many more events have come. */
function awaitEvents(clients, count) {
  const target = clients.events + count;
  return () =>
    new Promise((resolve) => {
      const look = () => (clients.events >= target ? resolve() : setImmediate(look));
      look();
    });
}

async function measureCalls(service, clients, call) {
  const pick = (i) => clients.frameworks[i % clients.frameworks.length];
  const statuses = new Set();
  const measured = await rate(service, 32, async (i) => statuses.add(await clients.call(pick(i), call)));
  if (statuses.size !== 1 || !statuses.has(202)) throw new Error(`answers ${[...statuses].join(', ')} to ${call.type}`);
  return measured;
}

/** Updates in batches, one message for up to 100 frameworks; the next is sent when all have come. */
async function measureUpdates(service, clients) {
  const ids = clients.frameworks.map(({ id }) => id);
  const batch = Array.from({ length: 100 }, (_none, i) => ids[i % ids.length]);
  const { perSecond, cpuUs } = await rate(service, 1, async () => {
    const arrived = awaitEvents(clients, batch.length);
    await service.order('updates', batch);
    await arrived();
  });
  return { perSecond: perSecond * batch.length, cpuUs: cpuUs / batch.length };
}

async function measureFailures(service, clients) {
  const count = clients.frameworks.length;
  const { perSecond, cpuUs } = await rate(service, 1, async () => {
    const arrived = awaitEvents(clients, count);
    await service.order('failure');
    await arrived();
  });
  return { perSecond: perSecond * count, cpuUs: cpuUs / count };
}

/** One fact every few milliseconds: what an unloaded service takes from being told to the event at its client. */
async function measureLatency(service, clients) {
  const samples = [];
  const count = flags.short ? 50 : 1_000;
  let wake = () => undefined;
  clients.onEvent = (_framework, event) => {
    if (event.type !== 'UPDATE') return;
    samples.push(Number(process.hrtime.bigint() - BigInt(event.update.status.message)) / 1e6);
    wake();
  };
  for (let i = 0; i < count; i++) {
    const arrived = new Promise((resolve) => (wake = resolve));
    await service.order('updates', [clients.frameworks[i % clients.frameworks.length].id]);
    await arrived;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  clients.onEvent = () => undefined;
  return quantiles(samples);
}

/** What has come under a key and nobody has taken, and who waits for it. */
class Mailbox {
  #letters = new Map();
  #waiting = new Map();

  put(key, letter) {
    const taker = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (taker !== undefined) taker(letter);
    else this.#letters.set(key, [...(this.#letters.get(key) ?? []), letter]);
  }

  async take(key) {
    const [first, ...rest] = this.#letters.get(key) ?? [];
    if (first === undefined) return new Promise((resolve) => this.#waiting.set(key, resolve));
    if (rest.length > 0) this.#letters.set(key, rest);
    else this.#letters.delete(key);
    return first;
  }
}

/** Tasks through the books: offer, ACCEPT with one LAUNCH, RUNNING, FINISHED, both acknowledged. */
async function measureTasks(service, clients) {
  const mail = new Mailbox();
  clients.onEvent = (framework, event) => {
    for (const offer of event.offers?.offers ?? []) mail.put(framework, offer);
    if (event.type === 'UPDATE') mail.put(event.update.status.task_id.value, event.update.status);
  };
  let tasks = 0;
  const free = clients.frameworks.slice(0, 16);
  const measured = await rate(service, free.length, async () => {
    const framework = free.pop();
    const taskId = `t${tasks++}`;
    await service.order('offer', framework.id);
    const { id, agent_id } = await mail.take(framework);
    const resources = [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }];
    const task = { name: 't', task_id: { value: taskId }, agent_id, resources, command: { value: 'true' } };
    const operations = [{ type: 'LAUNCH', launch: { task_infos: [task] } }];
    const said = await clients.call(framework, { type: 'ACCEPT', accept: { offer_ids: [id], operations } });
    if (said !== 202) throw new Error(`ACCEPT answers ${said}`);
    for (const expected of ['TASK_RUNNING', 'TASK_FINISHED']) {
      const { uuid, task_id, state, message } = await mail.take(taskId);
      if (state !== expected) throw new Error(`${state} of ${taskId}: ${message}`);
      await clients.call(framework, { type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
    }
    free.push(framework);
  });
  clients.onEvent = () => undefined;
  return measured;
}

const DECLINE = { type: 'DECLINE', decline: { offer_ids: [{ value: 'C-O0' }] } };
const RECONCILE = { type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' } }] } };

async function measure(encoding, count) {
  const service = await startService();
  const clients = new Clients(service.url, TYPES[encoding]);
  await clients.subscribe(count);
  const row = { encoding, frameworks: count };
  const declines = await measureCalls(service, clients, DECLINE);
  const reconciles = await measureCalls(service, clients, RECONCILE);
  const updates = await measureUpdates(service, clients);
  const failures = await measureFailures(service, clients);
  const latency = await measureLatency(service, clients);
  const tasks = await measureTasks(service, clients);
  const rssMiB = Math.round((await service.order('memory')) / 2 ** 20);
  clients.close();
  await service.order('stop');
  if (service.folder !== undefined) console.log(`profile of ${encoding}, ${count} frameworks: ${service.folder}`);
  return {
    ...row,
    'DECLINE/s': declines.perSecond,
    'RECONCILE/s': reconciles.perSecond,
    'UPDATE/s': updates.perSecond,
    'FAILURE/s': failures.perSecond,
    'tasks/s': tasks.perSecond,
    'CPU/DECLINE µs': declines.cpuUs,
    'CPU/UPDATE µs': updates.cpuUs,
    'CPU/FAILURE µs': failures.cpuUs,
    'CPU/task µs': tasks.cpuUs,
    'fact→event p50 ms': latency.p50,
    'p99 ms': latency.p99,
    'rss MiB': rssMiB,
  };
}

const rows = [];
console.log(JSON.stringify(conditions()));
for (const encoding of Object.keys(TYPES)) for (const count of counts) rows.push(await measure(encoding, count));
printTable('The scheduler API, service and clients on the same machine', rows);
if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify({ conditions: conditions(), rows }, null, 2));
process.exit(0);
