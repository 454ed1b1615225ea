import { join } from 'node:path';
import { Random } from '../fuzz/random.mjs';
import { agentTotals, bookedTasks, untilBooksAgree, whatIsHeld } from './balance.js';
import { checkHistory, type Violation } from './check-history.js';
import type { Fault } from './fault.js';
import type { Audit, FinalState, History } from './history.js';
import { type Inflicted, inflict } from './inflict.js';
import { LoadFramework } from './load-framework.js';
import type { Mesh } from './mesh.js';
import { pause } from './mesh-member.js';
import { planFaults } from './plan-faults.js';
import { readEvidence } from './task-evidence.js';

export interface RoundOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** How many of them share the load. */
  readonly frameworks: number;
  /** How often the working allocator and offers are killed with nothing else broken, at the end. */
  readonly killsAlone: number;
  /** Has the agents' work directories and the folder `evidence`. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export interface Round {
  readonly seed: number;
  readonly history: History;
  readonly inflicted: readonly Inflicted[];
  readonly violations: readonly Violation[];
}

const MAX_LIVE = 14;
/** From the last fault's end until the last task has ended: the longest task, its way through the agents' resends, and slack. */
const DRAIN_TIMEOUT_MS = 90_000;
const SETTLE_TIMEOUT_MS = 30_000;
/** Faults are held back so often, until the books agree. */
const AUDIT_EVERY_MS = 20_000;
/** Generous: it is the books that are judged, not how fast a busy machine is. How long it took is reported. */
const AUDIT_TIMEOUT_MS = 60_000;
/** Long enough for everything to be as it should. */
const CALM_MS = 3_000;
const POLL_MS = 250;
const ASK_EVERY_MS = 3_000;

/** One seed: load, faults, the end of both, and the verdict. */
export async function runRound(mesh: Mesh, options: RoundOptions): Promise<Round> {
  const { seed, durationMs, folder } = options;
  const name = `s${seed}`;
  const evidenceFolder = join(folder, 'evidence');
  const maxLive = Math.ceil(MAX_LIVE / options.frameworks);
  const frameworks = Array.from({ length: options.frameworks }, (_none, i) => {
    const own = { name: i === 0 ? name : `${name}-f${i}`, random: new Random(seed + 1 + i) };
    return new LoadFramework({ url: mesh.url, maxLive, evidenceFolder, ...own });
  });
  const begin = Date.now();
  const say = (line: string): void =>
    options.say(`  ${((Date.now() - begin) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  const plan = planFaults(seed, durationMs, await possibilitiesOf(mesh));
  const inflicted: Inflicted[] = [];
  const audits: Audit[] = [];
  for (const [index, faults] of [...Map.groupBy(plan, ({ atMs }) => Math.floor(atMs / AUDIT_EVERY_MS))]) {
    inflicted.push(...(await inflictAll(mesh, faults, Date.now() - index * AUDIT_EVERY_MS, say)));
    audits.push(await audit(mesh, say));
    for (const framework of frameworks) framework.expectSubscribed();
  }
  inflicted.push(...(await killAlone(mesh, options.killsAlone, say)));
  say('no more faults');
  await Promise.all(frameworks.map((framework) => framework.finishFeeding()));
  const final = await settle(mesh, frameworks, say);
  const history: History = {
    log: frameworks.flatMap(({ log }) => log).toSorted((a, b) => a.atMs - b.atMs),
    exitCodes: new Map(frameworks.flatMap(({ exitCodes }) => [...exitCodes])),
    evidence: readEvidence(
      evidenceFolder,
      mesh.agents.map((agent) => join(folder, agent.name)),
      name,
    ),
    agentTotals: await agentTotals(mesh),
    audits,
    final,
    crashes: mesh.all.flatMap((member) => member.takeCrashes()),
  };
  await Promise.all(frameworks.map((framework) => framework.end()));
  return { seed, history, inflicted, violations: checkHistory(history) };
}

export async function possibilitiesOf(mesh: Mesh): Promise<Parameters<typeof planFaults>[2]> {
  return {
    agents: mesh.agents.length,
    canKillBroker: (await mesh.servers.brokerServer()).process !== undefined,
    canKillDatabase: (await mesh.servers.databaseServer()).process !== undefined,
    fillableAgents: [...mesh.disks.keys()],
  };
}

/** @returns when the last of them is undone */
async function inflictAll(
  mesh: Mesh,
  plan: readonly Fault[],
  begin: number,
  say: (line: string) => void,
): Promise<Inflicted[]> {
  const underWay = new Map<string, Promise<unknown>>();
  const done: Promise<Inflicted | undefined>[] = [];
  for (const fault of plan) {
    await pause(Math.max(0, begin + fault.atMs - Date.now()));
    // On a slow machine what was hit before may not be back: the next waits for it.
    const before = underWay.get(fault.target);
    const one = (async () => {
      await before;
      return inflict(mesh, fault, say);
    })();
    underWay.set(fault.target, one);
    done.push(one);
  }
  return (await Promise.all(done)).filter((one) => one !== undefined);
}

/** Nothing is broken, and tasks come and go: the books have to agree. */
async function audit(mesh: Mesh, say: (line: string) => void): Promise<Audit> {
  const outcome = await untilBooksAgree(mesh, AUDIT_TIMEOUT_MS);
  say('differ' in outcome ? `the books differ: ${outcome.differ}` : `the books agree after ${outcome.tookMs} ms`);
  return outcome;
}

/** Kills what works while nothing else is broken: what there is to say of the time until offers flow again. */
async function killAlone(mesh: Mesh, killsAlone: number, say: (line: string) => void): Promise<Inflicted[]> {
  const inflicted: Inflicted[] = [];
  for (let count = killsAlone; count > 0; count--)
    for (const target of ['allocator', 'offers']) {
      await pause(CALM_MS);
      const done = await inflict(mesh, { atMs: 0, kind: 'kill', target, which: 'active', holdMs: CALM_MS }, say);
      if (done !== undefined) inflicted.push({ ...done, isAlone: true });
    }
  return inflicted;
}

/** Waits for the tasks' ends, then for everything to be free. */
async function settle(
  mesh: Mesh,
  frameworks: readonly LoadFramework[],
  say: (line: string) => void,
): Promise<FinalState> {
  const drainUntil = Date.now() + DRAIN_TIMEOUT_MS;
  const live = (): readonly string[] => frameworks.flatMap((framework) => framework.live);
  let askAt = Date.now();
  while (live().length > 0 && Date.now() < drainUntil) {
    if (Date.now() >= askAt) {
      await Promise.all(frameworks.map((framework) => framework.askAboutLive()));
      askAt = Date.now() + ASK_EVERY_MS;
    }
    await pause(POLL_MS);
  }
  const drainedAt = Date.now();
  say(live().length === 0 ? 'every task has ended' : `without an end: ${live().join(', ')}`);
  await Promise.all(frameworks.map((framework) => framework.suppress()));
  let held = await whatIsHeld(mesh);
  while (held.length > 0 && Date.now() < drainedAt + SETTLE_TIMEOUT_MS) {
    await pause(POLL_MS);
    held = await whatIsHeld(mesh);
  }
  const settledAfterMs = held.length === 0 ? Date.now() - drainedAt : undefined;
  say(
    settledAfterMs === undefined ? `still held: ${held.join('; ')}` : `everything is free ${settledAfterMs} ms later`,
  );
  // The newest updates are written behind: they are in memory, which is what is read.
  const books = await Promise.all(frameworks.map(({ frameworkId = '' }) => bookedTasks(mesh, frameworkId)));
  return { tasks: new Map(books.flatMap((tasks) => [...tasks])), settledAfterMs, held };
}
