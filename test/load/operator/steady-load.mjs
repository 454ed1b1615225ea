// Frameworks that hold offers and launch a steady number of tasks a second, each timed from ACCEPT to the event that it runs.
import { isTerminal, Scheduler, takeResources } from '@tranche/scheduler';

const NEEDS = { cpus: 1, memMb: 512 };
/** The rest of an agent comes again in the next cycle. */
const REFUSE = { refuse_seconds: 0.001 };

class SteadyScheduler {
  delaysMs = [];
  offers = 0;
  #scheduler;
  #name;
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
    const [offerId, offer] = first;
    this.#held.delete(offerId);
    const cut = takeResources(offer.resources, NEEDS);
    const id = `${this.#name}-${this.#count++}`;
    const task = { name: id, task_id: { value: id }, agent_id: offer.agent_id, command: { value: 'true' } };
    if (cut.ok) this.#accepted.set(id, performance.now());
    this.#scheduler.launch(offer, cut.ok ? [{ ...task, resources: cut.taken }] : [], REFUSE).catch(() => undefined);
  }

  async #run() {
    for await (const event of this.#scheduler) {
      if (event.type === 'subscribed') this.subscribed.resolve();
      if (event.type === 'rescind') this.#held.delete(event.offerId);
      if (event.type === 'update') this.#hear(event.status);
      if (event.type !== 'offers') continue;
      this.offers += event.offers.length;
      for (const offer of event.offers) this.#held.set(offer.id.value, offer);
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

export class SteadyLoad {
  #schedulers;

  constructor(url, count) {
    this.#schedulers = Array.from({ length: count }, (_none, i) => new SteadyScheduler(url, `steady-${i}`));
  }

  /** @returns each framework as agents report it, once all are subscribed */
  async subscribed() {
    await Promise.all(this.#schedulers.map(({ subscribed }) => subscribed.promise));
    return this.#schedulers.map(({ report }) => report);
  }

  /** @param perSecond tasks, of all frameworks together */
  begin(perSecond) {
    let next = 0;
    setInterval(() => this.#schedulers[next++ % this.#schedulers.length].launch(), 1_000 / perSecond).unref();
  }

  /** What was seen since the last time. */
  take() {
    const taken = { delaysMs: this.#schedulers.flatMap((one) => one.delaysMs), offers: 0 };
    for (const one of this.#schedulers) {
      taken.offers += one.offers;
      one.offers = 0;
      one.delaysMs = [];
    }
    return taken;
  }
}
