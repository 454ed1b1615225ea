import { setTimeout as delay } from 'node:timers/promises';
import type { FrameworkInfo, Offer, OfferOperation, OperationStatus, TaskStatus } from '@tranche/mesos-api';
import { commandTask, isTerminal, launchOperation, Scheduler, takeResources } from '@tranche/scheduler';

/** Without checkpoints its tasks would be given up as soon as the agent is away. */
const FRAMEWORK = { user: 'root', name: 'faults', failover_timeout: 3600, checkpoint: true };
const NEEDS = { cpus: 0.1, memMb: 32 };
const PATIENCE_MS = 100_000;

/** A framework that launches tasks one by one and keeps every status it is ever told. */
export class TaskWatcher {
  readonly scheduler: Scheduler;
  private readonly offers = new Map<string, Offer>();
  private readonly statuses = new Map<string, TaskStatus[]>();
  private readonly operations = new Map<string, OperationStatus[]>();
  /** Wait statuses of executors, by their ids. */
  private readonly executorEnds = new Map<string, number>();
  private readonly waiting = new Set<() => void>();
  private readonly over: Promise<void>;

  constructor(url: string, framework: Partial<FrameworkInfo> = {}) {
    this.scheduler = new Scheduler({ url, framework: { ...FRAMEWORK, ...framework } });
    this.over = this.listen();
  }

  /**
   * Uses all that is offered of an agent, as soon as that will do. What ended before comes back in parts.
   *
   * @param isFit is asked with all of it as one offer; the default is room for anything that is launched here
   */
  async accept(make: (offer: Offer) => OfferOperation[], isFit: (offer: Offer) => boolean = hasRoom): Promise<void> {
    const [all, parts] = await this.until(() => this.offered().find(([offer]) => isFit(offer)), 'no offer');
    for (const { id } of parts) this.offers.delete(id.value);
    await this.scheduler.accept(parts, make(all), { refuse_seconds: 0 });
  }

  async launch(id: string, command: string): Promise<void> {
    await this.accept((offer) => {
      const taken = takeResources(offer.resources ?? [], NEEDS);
      if (!taken.ok) throw new Error(`the offer is too small: ${JSON.stringify(offer.resources)}`);
      const placement = { agentId: offer.agent_id.value, resources: taken.taken };
      return [launchOperation([commandTask({ id, command, ...NEEDS }, placement)])];
    });
  }

  kill(id: string): Promise<void> {
    return this.scheduler.kill(id);
  }

  /** Settles when the task was told to be in this state. */
  async reached(id: string, state: string): Promise<TaskStatus> {
    return this.until(() => this.of(id).find((status) => status.state === state), `${id} not ${state}`);
  }

  /** Settles when the task runs or has ended. */
  async begun(id: string): Promise<TaskStatus> {
    const isBegun = ({ state }: TaskStatus): boolean => state === 'TASK_RUNNING' || isTerminal(state);
    return this.until(() => this.of(id).find(isBegun), `${id} does not run`);
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

  /** Settles with the wait status of an executor that has ended. */
  executorEnded(id: string): Promise<number> {
    return this.until(() => this.executorEnds.get(id), `executor ${id} has no end`);
  }

  /** Settles with the status of an operation. */
  operationEnded(id: string): Promise<OperationStatus> {
    return this.until(() => this.operationEnds(id)[0], `operation ${id} has no end`);
  }

  /** What was told of an operation, repetitions once. */
  operationEnds(id: string): OperationStatus[] {
    const told = this.operations.get(id) ?? [];
    return [...new Map(told.map((status) => [`${status.state} ${status.uuid?.value}`, status])).values()];
  }

  async close(): Promise<void> {
    await this.scheduler.teardown();
    await this.over;
  }

  /** What is offered of each agent, as one offer, and the offers that it is made of. */
  private offered(): [all: Offer, parts: Offer[]][] {
    const byAgent = Map.groupBy(this.offers.values(), ({ agent_id }) => agent_id.value);
    return [...byAgent.values()].flatMap((parts): [Offer, Offer[]][] => {
      const [first] = parts;
      const resources = parts.flatMap((part) => part.resources ?? []);
      return first === undefined ? [] : [[{ ...first, resources }, parts]];
    });
  }

  private of(id: string): TaskStatus[] {
    return this.statuses.get(id) ?? [];
  }

  private async listen(): Promise<void> {
    for await (const event of this.scheduler) {
      if (event.type === 'offers') for (const offer of event.offers) this.offers.set(offer.id.value, offer);
      if (event.type === 'rescind') this.offers.delete(event.offerId);
      if (event.type === 'update') add(this.statuses, event.status.task_id.value, event.status);
      if (event.type === 'operation-update') add(this.operations, event.status.operation_id?.value ?? '', event.status);
      if (event.type === 'failure' && event.executorId !== undefined)
        this.executorEnds.set(event.executorId, event.waitStatus ?? -1);
      for (const wake of this.waiting) wake();
    }
  }

  private async until<T>(look: () => T | undefined, otherwise: string): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`${otherwise} within ${PATIENCE_MS} ms; told: ${JSON.stringify([...this.statuses].slice(-8))}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.waiting.add(resolve);
      await Promise.race([promise, delay(left, undefined, { ref: false })]);
      this.waiting.delete(resolve);
    }
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

const ROOM = { cpus: 1, mem: 512, disk: 128 };

function hasRoom({ resources = [] }: Offer): boolean {
  const free = resources.filter(({ reservations = [] }) => reservations.length === 0);
  const sum = (name: string): number =>
    free.reduce((total, resource) => total + (resource.name === name ? (resource.scalar?.value ?? 0) : 0), 0);
  return Object.entries(ROOM).every(([name, amount]) => sum(name) >= amount);
}
