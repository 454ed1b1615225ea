import { isTerminalState, type Offer } from '@tranche/mesos-api';
import {
  amountsOf,
  CallLostError,
  CallRefusedError,
  commandTask,
  NotSubscribedError,
  Scheduler,
  takeResources,
} from '@tranche/scheduler';
import type { Random } from '../fuzz/random.mjs';
import type { Ledger, PlannedTask } from './ledger.js';

const HOLD_MS = 600;
const REFUSE_S = 0.3;
const MAX_TASKS = 3;

export interface FrameworkPlan {
  /** Begins the ids of its tasks. */
  readonly name: string;
  readonly roles: readonly string[];
  /** It uses all that it is offered, at once. */
  readonly isGreedy?: boolean;
}

interface Cut {
  readonly task: ReturnType<typeof commandTask>;
  readonly planned: PlannedTask;
}

/** A framework that uses what it is offered at random: parts of it, later, or not at all. */
export class LimitedFramework {
  private readonly scheduler: Scheduler;
  private readonly running: Promise<void>;
  private readonly rescinded = new Set<string>();
  private count = 0;
  private isHungry = true;
  failure: unknown;

  constructor(
    url: string,
    private readonly plan: FrameworkPlan,
    private readonly ledger: Ledger,
    private readonly random: Random,
  ) {
    const { name, roles } = plan;
    this.scheduler = new Scheduler({
      url,
      framework: { user: 'root', name, roles: [...roles], capabilities: [{ type: 'MULTI_ROLE' }] },
    });
    this.running = this.run().catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** Wants nothing until `revive`. */
  async suppress(): Promise<void> {
    this.isHungry = false;
    await this.said(this.scheduler.suppress());
  }

  async revive(): Promise<void> {
    this.isHungry = true;
    await this.said(this.scheduler.revive());
  }

  async end(): Promise<void> {
    this.isHungry = false;
    await this.said(this.scheduler.teardown());
    this.scheduler.close();
    await this.running;
  }

  private async run(): Promise<void> {
    for await (const event of this.scheduler) {
      if (event.type === 'offers') for (const offer of event.offers) void this.consider(offer);
      if (event.type === 'rescind') this.rescinded.add(event.offerId);
      // What never began on an agent is over for the ledger, too.
      if (event.type === 'update' && isTerminalState(event.status.state)) this.ledger.ended(event.status.task_id.value);
    }
  }

  private async consider(offer: Offer): Promise<void> {
    const isUsedNow = this.plan.isGreedy === true || this.random.chance(0.6);
    if (this.isHungry && !isUsedNow) {
      if (this.random.chance(0.4)) return this.decline(offer);
      await new Promise((resolve) => setTimeout(resolve, this.random.next() * HOLD_MS));
      // Now and then one tries although it was told not to.
      if (this.rescinded.has(offer.id.value) && !this.random.chance(0.2)) return;
    }
    if (!this.isHungry) return this.decline(offer);
    const cuts = this.cut(offer);
    this.ledger.launching(cuts.map(({ planned }) => planned));
    const tasks = cuts.map(({ task }) => task);
    await this.said(this.scheduler.launch(offer, tasks, { refuse_seconds: this.random.next() * REFUSE_S }));
  }

  private decline(offer: Offer): Promise<void> {
    return this.said(this.scheduler.decline([offer], { refuse_seconds: this.random.next() * REFUSE_S }));
  }

  /** Some tasks that fit into an offer together. */
  private cut(offer: Offer): Cut[] {
    const cuts: Cut[] = [];
    let left = offer.resources ?? [];
    const wanted = this.plan.isGreedy === true ? 1 : 1 + this.random.below(MAX_TASKS);
    for (let i = 0; i < wanted; i++) {
      const { cpus, memMb } = amountsOf(left);
      const part = this.plan.isGreedy === true ? 1 : 0.2 + this.random.next() * 0.8;
      const needs = { cpus: Math.floor(cpus * part * 10) / 10, memMb: Math.floor(memMb * part) };
      const taken = takeResources(left, needs);
      if (!taken.ok || needs.cpus === 0 || needs.memMb === 0) break;
      left = taken.left;
      const taskId = `${this.plan.name}-${this.count++}`;
      const task = commandTask({ id: taskId, command: 'true', ...needs }, this.placement(offer, taken.taken));
      const amounts = { cpus: Math.round(needs.cpus * 1_000), mem: needs.memMb * 1_000 };
      cuts.push({ task, planned: { taskId, role: roleOf(offer), offerNumber: numberOf(offer), amounts } });
    }
    return cuts;
  }

  private placement(offer: Offer, resources: Parameters<typeof commandTask>[1]['resources']) {
    return { agentId: offer.agent_id.value, resources };
  }

  private async said(call: Promise<void>): Promise<void> {
    try {
      await call;
    } catch (error) {
      const isExpected = [CallLostError, CallRefusedError, NotSubscribedError].some((kind) => error instanceof kind);
      if (!isExpected) throw error;
    }
  }
}

const roleOf = ({ allocation_info }: Offer): string => allocation_info?.role ?? '*';
/** `C-O17` is the eighteenth that was made. */
const numberOf = ({ id }: Offer): number => Number(id.value.slice(id.value.lastIndexOf('-O') + 2));
