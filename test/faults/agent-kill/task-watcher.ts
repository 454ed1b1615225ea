import { setTimeout as delay } from 'node:timers/promises';
import type { Offer, TaskStatus } from '@tranche/mesos-api';
import { commandTask, isTerminal, Scheduler, takeResources } from '@tranche/scheduler';

/** Without checkpoints its tasks would be given up as soon as the agent is away. */
const FRAMEWORK = { user: 'root', name: 'faults', failover_timeout: 3600, checkpoint: true };
const NEEDS = { cpus: 0.1, memMb: 32 };
const PATIENCE_MS = 100_000;

/** A framework that launches tasks one by one and keeps every status it is ever told. */
export class TaskWatcher {
  private readonly scheduler: Scheduler;
  private readonly offers = new Map<string, Offer>();
  private readonly statuses = new Map<string, TaskStatus[]>();
  private wake: () => void = () => undefined;
  private readonly over: Promise<void>;

  constructor(url: string) {
    this.scheduler = new Scheduler({ url, framework: FRAMEWORK });
    this.over = this.listen();
  }

  async launch(id: string, command: string): Promise<void> {
    const offer = await this.until(() => this.offers.values().next().value, 'no offer');
    this.offers.delete(offer.id.value);
    const taken = takeResources(offer.resources ?? [], NEEDS);
    if (!taken.ok) throw new Error(`the offer is too small: ${JSON.stringify(offer.resources)}`);
    const task = commandTask({ id, command, ...NEEDS }, { agentId: offer.agent_id.value, resources: taken.taken });
    await this.scheduler.launch(offer, [task], { refuse_seconds: 0 });
  }

  kill(id: string): Promise<void> {
    return this.scheduler.kill(id);
  }

  /** Settles when the task was told to be in this state. */
  async reached(id: string, state: string): Promise<void> {
    await this.until(() => this.of(id).find((status) => status.state === state), `${id} not ${state}`);
  }

  /** Settles with the first terminal status of the task. */
  ended(id: string): Promise<TaskStatus> {
    return this.until(() => this.ends(id)[0], `${id} has no end`);
  }

  /** Terminal statuses of a task, resent ones once. */
  ends(id: string): TaskStatus[] {
    const ends = this.of(id).filter(({ state }) => isTerminal(state));
    return [...new Map(ends.map((status) => [`${status.state} ${status.uuid}`, status])).values()];
  }

  async close(): Promise<void> {
    await this.scheduler.teardown();
    await this.over;
  }

  private of(id: string): TaskStatus[] {
    return this.statuses.get(id) ?? [];
  }

  private async listen(): Promise<void> {
    for await (const event of this.scheduler) {
      if (event.type === 'offers') for (const offer of event.offers) this.offers.set(offer.id.value, offer);
      if (event.type === 'rescind') this.offers.delete(event.offerId);
      if (event.type === 'update') {
        const id = event.status.task_id.value;
        this.statuses.set(id, [...this.of(id), event.status]);
      }
      this.wake();
    }
  }

  private async until<T>(look: () => T | undefined, otherwise: string): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`${otherwise} within ${PATIENCE_MS} ms; told: ${JSON.stringify([...this.statuses])}`);
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      await Promise.race([woken, delay(left, undefined, { ref: false })]);
    }
  }
}
