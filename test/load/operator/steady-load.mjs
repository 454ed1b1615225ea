// Frameworks that hold offers and launch a steady number of tasks a second, each timed from ACCEPT to the event that it runs; a process of its own, which keeps
// little: its garbage is collected in the time that it measures.
import { PerformanceObserver } from 'node:perf_hooks';
import { isTerminal, Scheduler, takeResources } from '@tranche/scheduler';
import { answerParent } from '../mesh/answer-parent.mjs';

const NEEDS = { cpus: 1, memMb: 512 };
/** The rest of an agent comes again in the next cycle. */
const REFUSE = { refuse_seconds: 0.001 };

class SteadyScheduler {
  delaysMs = [];
  #scheduler;
  #name;
  /** Offers by id: of what a task of theirs would be, where there is room for one. */
  #held = new Map();
  #accepted = new Map();
  #count = 0;
  subscribed = Promise.withResolvers();

  constructor(url, name) {
    this.#name = name;
    this.info = { user: 'root', name, failover_timeout: 600, roles: [name], capabilities: [{ type: 'MULTI_ROLE' }] };
    this.#scheduler = new Scheduler({ url, framework: this.info, format: 'protobuf', acknowledge: 'manual' });
    void this.#run();
  }

  /** As its tasks' agents know it. */
  get report() {
    return { frameworkId: this.#scheduler.frameworkId, info: this.info, role: this.#name };
  }

  /** One task of the offer that is held for longest. */
  launch() {
    const [first] = this.#held;
    if (first === undefined) return;
    const [offerId, { agent_id, resources }] = first;
    this.#held.delete(offerId);
    const id = `${this.#name}-${this.#count++}`;
    const task = { name: id, task_id: { value: id }, agent_id, command: { value: 'true' } };
    if (resources !== undefined) this.#accepted.set(id, performance.now());
    const tasks = resources === undefined ? [] : [{ ...task, resources }];
    this.#scheduler.launch({ id: { value: offerId }, agent_id }, tasks, REFUSE).catch(() => undefined);
  }

  async #run() {
    for await (const event of this.#scheduler) {
      if (event.type === 'subscribed') this.subscribed.resolve();
      if (event.type === 'rescind') this.#held.delete(event.offerId);
      if (event.type === 'update') this.#hear(event.status);
      if (event.type !== 'offers') continue;
      for (const { id, agent_id, resources } of event.offers) {
        const cut = takeResources(resources, NEEDS);
        this.#held.set(id.value, { agent_id, ...(cut.ok ? { resources: cut.taken } : {}) });
      }
    }
  }

  #hear(status) {
    const id = status.task_id.value;
    const acceptedMs = this.#accepted.get(id);
    if (acceptedMs !== undefined && status.state === 'TASK_RUNNING')
      this.delaysMs.push(performance.now() - acceptedMs - Number(status.message));
    if (status.state === 'TASK_RUNNING' || isTerminal(status.state)) this.#accepted.delete(id);
    if (status.uuid !== undefined) this.#scheduler.acknowledge(status).catch(() => undefined);
  }
}

let schedulers = [];
let longestPauseMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestPauseMs = Math.max(longestPauseMs, duration);
}).observe({ entryTypes: ['gc'] });

answerParent({
  /** @returns each framework as agents report it, once all are subscribed */
  subscribe: async ({ url, count }) => {
    schedulers = Array.from({ length: count }, (_none, i) => new SteadyScheduler(url, `steady-${i}`));
    await Promise.all(schedulers.map(({ subscribed }) => subscribed.promise));
    return schedulers.map(({ report }) => report);
  },
  /** @param perSecond tasks, of all frameworks together */
  begin: ({ perSecond }) => {
    let next = 0;
    setInterval(() => schedulers[next++ % schedulers.length].launch(), 1_000 / perSecond);
  },
  /** What was seen since the last time; `longestPauseMs` of that is this process's own garbage collection. */
  take: () => {
    const taken = { delaysMs: schedulers.flatMap((one) => one.delaysMs), longestPauseMs };
    longestPauseMs = 0;
    for (const one of schedulers) one.delaysMs = [];
    return taken;
  },
});
