import type { AllocationEngine, CycleKind, Holding, InverseOffer } from '@tranche/allocation';
import { type MakeInverseOffers, type MakeOffers, partitionOf } from '@tranche/contracts';
import type { Clock } from '@tranche/telemetry';
import type { MadeAllocations } from './made-allocations.js';

/** Where allocations go. */
export interface OfferMaker {
  /** @throws when they did not reach the broker: nothing of them was given out then */
  makeOffers(items: readonly MakeOffers[]): Promise<void>;
  /** @throws when they did not reach the broker: nobody was asked then */
  makeInverseOffers(items: readonly MakeInverseOffers[]): Promise<void>;
}

/** What a run was, for metrics and logs. */
export interface RunReport {
  readonly run: number;
  readonly trigger: 'event' | 'interval';
  readonly given: number;
  readonly durationMs: number;
  /** From when events called for it until it began; 0 for one of the interval. */
  readonly waitedMs: number;
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
  /** Into how many partitions `offers` is cut. */
  readonly partitions?: number;
}

/**
 * Runs allocation cycles: for what events call for, joined within a turn of the event loop, and over all agents once an interval.
 *
 * @source allocation rules A36 (the engine knows which events call for which cycle) and A37 (the interval)
 */
export class AllocationRunner {
  private isRequested = false;
  private run = 0;
  private begunMs = 0;

  constructor(private readonly parts: RunnerParts) {}

  /** When the last run began, milliseconds since the epoch; 0 before the first. */
  get lastRunMs(): number {
    return this.begunMs;
  }

  /** Events have been told to the engine: a run follows in a later turn if they call for one. */
  requestDue(): void {
    const { engine, later } = this.parts;
    if (this.isRequested || !engine.isCycleDue) return;
    this.isRequested = true;
    const requestedMs = this.parts.clock.nowMs();
    later(() => {
      this.isRequested = false;
      if (engine.isCycleDue) this.allocate('triggered', 'event', requestedMs);
    });
  }

  /** The interval is over: all agents, now. */
  runInterval(): void {
    this.allocate('batch', 'interval');
  }

  private allocate(kind: CycleKind, trigger: RunReport['trigger'], requestedMs?: number): void {
    const { engine, made, clock } = this.parts;
    const begunMs = clock.nowMs();
    this.begunMs = begunMs;
    const { allocations, inverseOffers } = engine.allocate(kind, begunMs);
    const run = ++this.run;
    made.note(run, allocations, begunMs);
    const waitedMs = requestedMs === undefined ? 0 : begunMs - requestedMs;
    this.parts.report({ run, trigger, given: allocations.length, durationMs: clock.nowMs() - begunMs, waitedMs });
    for (const part of this.parted(allocations)) void this.hand(run, part);
    for (const part of this.parted(inverseOffers)) void this.ask(part);
  }

  /** By partitions of `offers`: what is for one may reach the broker and what is for another not. */
  private parted<I extends { readonly frameworkId: string }>(items: readonly I[]): Iterable<readonly I[]> {
    const { partitions = 1 } = this.parts;
    if (partitions === 1) return items.length === 0 ? [] : [items];
    return Map.groupBy(items, ({ frameworkId }) => partitionOf(frameworkId, partitions)).values();
  }

  /** Hands allocations over; what did not reach the broker is free again. */
  private async hand(run: number, given: readonly Holding[]): Promise<void> {
    const { engine, made, offers, clock, failed } = this.parts;
    // All are for one partition.
    const basis = made.basis(partitionOf(given[0]?.frameworkId ?? '', this.parts.partitions ?? 1));
    const items = given.map(({ resources, ...held }) => ({
      ...held,
      resources: resources.toJson('post-refinement'),
      epoch: made.epoch,
      run,
      ...(basis === undefined ? {} : { basis }),
    }));
    try {
      await offers.makeOffers(items);
    } catch (error) {
      for (const held of given) engine.recover(held, clock.nowMs());
      failed(error, given.length);
    }
  }

  /** Has frameworks asked to leave agents; what did not reach the broker is asked again in a later cycle. */
  private async ask(inverseOffers: readonly InverseOffer[]): Promise<void> {
    const { engine, offers, failed } = this.parts;
    try {
      await offers.makeInverseOffers(inverseOffers);
    } catch (error) {
      for (const inverseOffer of inverseOffers) engine.endInverseOffer(inverseOffer);
      failed(error, inverseOffers.length);
    }
  }
}
