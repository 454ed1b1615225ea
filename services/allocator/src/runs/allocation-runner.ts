import type { MakeOffers } from '@tranche/contracts';
import type { Clock } from '../clock.port.js';
import type { AllocationEngine, Held } from '../engine/allocation-engine.port.js';
import type { MadeAllocations } from './made-allocations.js';

/** Where allocations go. */
export interface OfferMaker {
  /** @throws when they did not reach the broker: nothing of them was given out then */
  makeOffers(items: readonly MakeOffers[]): Promise<void>;
}

/** What a run was, for metrics and logs. */
export interface RunReport {
  readonly run: number;
  readonly trigger: 'event' | 'interval';
  readonly given: number;
  readonly durationMs: number;
}

export interface RunnerParts {
  readonly engine: AllocationEngine;
  readonly made: MadeAllocations;
  readonly offers: OfferMaker;
  readonly clock: Clock;
  /** Runs a function in a later turn of the event loop. */
  readonly later: (run: () => void) => void;
  readonly report: (report: RunReport) => void;
  readonly failed: (error: unknown, lost: number) => void;
}

/**
 * Runs allocation cycles: at once for what has changed, joined within a turn of the event loop, and over all agents when told.
 *
 * @source allocation rules A36 (which changes cause a run over which agents) and A37 (the interval)
 */
export class AllocationRunner {
  private due: Set<string> | 'all' | undefined;
  private run = 0;

  constructor(private readonly parts: RunnerParts) {}

  /** A run over all agents is due. */
  requestAll(): void {
    this.request('all');
  }

  /** A run over one agent is due. */
  requestAgent(agentId: string): void {
    this.request(this.due === 'all' ? 'all' : new Set([...(this.due ?? []), agentId]));
  }

  /** The interval is over: all agents, now. */
  runInterval(): void {
    this.allocate('all', 'interval');
  }

  private request(due: Set<string> | 'all'): void {
    const isFirst = this.due === undefined;
    this.due = due;
    if (!isFirst) return;
    this.parts.later(() => {
      const agents = this.due;
      this.due = undefined;
      if (agents !== undefined) this.allocate(agents, 'event');
    });
  }

  private allocate(agents: ReadonlySet<string> | 'all', trigger: RunReport['trigger']): void {
    const { engine, made, clock } = this.parts;
    const begunMs = clock.nowMs();
    const given = engine.allocate(agents, begunMs);
    const run = ++this.run;
    made.note(run, given, begunMs);
    this.parts.report({ run, trigger, given: given.length, durationMs: clock.nowMs() - begunMs });
    if (given.length > 0) void this.hand(run, given);
  }

  /** Hands allocations over; what did not reach the broker is free again. */
  private async hand(run: number, given: readonly Held[]): Promise<void> {
    const { engine, made, offers, clock, failed } = this.parts;
    const items = given.map(({ resources, ...held }) => ({
      ...held,
      resources: resources.toJson('post-refinement'),
      epoch: made.epoch,
      run,
    }));
    try {
      await offers.makeOffers(items);
    } catch (error) {
      for (const held of given) engine.recover(held, undefined, clock.nowMs());
      failed(error, given.length);
    }
  }
}
