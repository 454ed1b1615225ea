// Frameworks that launch tasks as fast as offers come, and time each from ACCEPT to the event that it runs.
import { isTerminal, Scheduler, takeResources } from '@tranche/scheduler';

/** A quarter of an agent: nothing is left over that nobody can use, and that would be offered and declined over and over. */
const NEEDS = { cpus: 1, memMb: 1_024, diskMb: 1_024 };
const REFUSE = { refuse_seconds: 0.001 };

class LoadScheduler {
  delaysMs = [];
  finished = 0;
  failed = 0;
  /** What kept calls from being done, by text. */
  errors = new Map();
  #scheduler;
  #running;
  #accepted = new Map();
  #count = 0;
  #isLaunching = true;
  /** Offers that wait until a task has ended, oldest first. */
  #held = new Map();
  #underWay = 0;
  #most;
  #name;

  constructor(url, name, most) {
    this.#name = name;
    this.#most = most;
    this.#scheduler = new Scheduler({
      url,
      framework: { user: 'root', name, failover_timeout: 60, roles: [name], capabilities: [{ type: 'MULTI_ROLE' }] },
      format: 'protobuf',
      acknowledge: 'manual',
    });
    this.#running = this.#run();
  }

  async end() {
    this.#isLaunching = false;
    await this.#scheduler.teardown().catch(() => undefined);
    this.#scheduler.close();
    await this.#running;
  }

  /** From now on so many tasks are under way at most. */
  limit(most) {
    this.#most = most;
    this.#launch();
  }

  async #run() {
    for await (const event of this.#scheduler) {
      if (event.type === 'offers') for (const offer of event.offers) this.#held.set(offer.id.value, offer);
      if (event.type === 'rescind') this.#held.delete(event.offerId);
      if (event.type === 'update') this.#hear(event.status);
      this.#launch();
    }
  }

  #launch() {
    for (const [id, offer] of this.#held) {
      if (this.#underWay >= this.#most && this.#isLaunching) return;
      this.#held.delete(id);
      this.#use(offer);
    }
  }

  #use(offer) {
    const tasks = [];
    let left = offer.resources;
    while (this.#isLaunching && this.#underWay < this.#most) {
      const cut = takeResources(left, NEEDS);
      if (!cut.ok) break;
      left = cut.left;
      this.#underWay++;
      const id = `${this.#name}-${this.#count++}`;
      this.#accepted.set(id, performance.now());
      tasks.push({
        name: id,
        task_id: { value: id },
        agent_id: offer.agent_id,
        resources: cut.taken,
        command: { value: 'true' },
      });
    }
    this.#scheduler.launch(offer, tasks, REFUSE).catch(this.#noteError);
  }

  #hear(status) {
    const id = status.task_id.value;
    const acceptedMs = this.#accepted.get(id);
    if (acceptedMs !== undefined && status.state === 'TASK_RUNNING') {
      this.#accepted.delete(id);
      this.delaysMs.push(performance.now() - acceptedMs - Number(status.message));
    }
    if (isTerminal(status.state)) {
      this.#underWay--;
      // Offers may have been rescinded meanwhile, an agent kept from its heartbeats by a busy machine: counted.
      if (status.state === 'TASK_FINISHED') this.finished++;
      else this.failed++;
    }
    this.#scheduler.acknowledge(status).catch(this.#noteError);
  }

  #noteError = ({ message }) => void this.errors.set(message, (this.errors.get(message) ?? 0) + 1);
}

/** Some frameworks at once, and what they have seen since they were last asked. */
export class Load {
  #schedulers;

  /** @param most tasks that are under way at once, of all frameworks together */
  constructor(url, count, most) {
    this.#schedulers = Array.from({ length: count }, (_none, i) => new LoadScheduler(url, `load-${i}`, most / count));
  }

  limit(most) {
    for (const one of this.#schedulers) one.limit(most / this.#schedulers.length);
  }

  /** @throws Error when calls were not done: what is measured would be something else */
  take() {
    const [error] = this.#schedulers.flatMap(({ errors }) => [...errors]);
    if (error !== undefined) throw new Error(`${error[1]} calls of a framework: ${error[0]}`);
    const taken = { delaysMs: this.#schedulers.flatMap((one) => one.delaysMs), finished: 0, failed: 0 };
    for (const one of this.#schedulers) {
      taken.finished += one.finished;
      taken.failed += one.failed;
      one.failed = 0;
      one.finished = 0;
      one.delaysMs = [];
    }
    return taken;
  }

  end() {
    return Promise.all(this.#schedulers.map((one) => one.end()));
  }
}
