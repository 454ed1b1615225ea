import type { AgentSpec, AllocationEngine, CycleKind, FrameworkSpec, Holding, Quota } from '../engine.js';
import { refusalNs } from '../filters/refusal-time.js';
import { createEngine } from '../hierarchical-engine.js';
import { InUse } from './in-use.js';
import { type Offer, OfferBook, type OfferQuery } from './offer-book.js';
import type { ScenarioOptions } from './parse/parse-options.js';
import { seededRandom } from './seeded-random.js';
import { emptyRecord, type StepRecord } from './step-record.js';
import { VirtualClock } from './virtual-clock.js';

/** Seconds for which whoever loses an offer to an operation by the operator is not offered it again (allocation rule A69). */
export const RESCIND_REFUSAL_SECONDS = 5;

/** A framework as the cluster manager knows it. Its suppressed roles are kept up to date. */
export interface SimulatedFramework {
  spec: FrameworkSpec;
  isActive: boolean;
}

/**
 * A cluster manager around an allocation engine, without network and with a clock of its own: it keeps offers and what is in use,
 * and says what each step made happen.
 */
export class Simulation {
  readonly engine: AllocationEngine;
  readonly clock: VirtualClock;
  readonly offers = new OfferBook();
  readonly inUse = new InUse();
  /** What agents said of themselves; the current total is the engine's. */
  readonly agents = new Map<string, AgentSpec>();
  readonly frameworks = new Map<string, SimulatedFramework>();
  readonly quotas = new Map<string, Quota>();
  /** Ids that were used so far, also of what is gone. */
  readonly seenAgents = new Set<string>();
  readonly seenFrameworks = new Set<string>();
  /** Offers made to each framework since the beginning. */
  readonly offerCounts = new Map<string, number>();
  /** By `framework agent` as JSON: inverse offers that wait for an answer. */
  readonly #inverseOffers = new Map<string, { frameworkId: string; agentId: string }>();
  /** What the current step has made happen so far. */
  record: StepRecord = emptyRecord();
  readonly #options: ScenarioOptions;
  #skippedRuns = 0;

  constructor(options: ScenarioOptions) {
    const { recovery, allocationIntervalNs } = options;
    this.#options = options;
    this.engine = createEngine({
      random: seededRandom(options.seed),
      allocationIntervalMs: allocationIntervalNs / 1e6,
      minAllocatable: options.minAllocatable,
      roleSorter: options.roleSorter,
      frameworkSorter: options.frameworkSorter,
      fairSharingExcludes: options.fairSharingExcludes,
      filterGpus: options.filterGpus,
      agentOrder: options.agentOrder,
      ...(options.domain && { domain: options.domain }),
      ...(recovery && {
        recovery: {
          expectedAgents: recovery.expectedAgents,
          factor: recovery.factor,
          timeoutMs: recovery.timeoutNs / 1e6,
        },
      }),
    });
    this.clock = new VirtualClock({
      intervalNs: allocationIntervalNs,
      pauseEndNs: recovery?.timeoutNs,
      canSkip: options.agentOrder === 'id' && options.roleSorter === 'drf' && options.frameworkSorter === 'drf',
    });
    for (const { role, quota } of recovery?.quotas ?? []) this.setQuota(role, quota);
    // The pause counts from here: the engine must hear of the time before anything happens.
    if (recovery !== undefined) this.cycle('triggered');
  }

  /** The current listing of roles, or of a role's frameworks; undefined when it would be drawn anew. */
  order(role?: string): readonly string[] | undefined {
    const sorter = role === undefined ? this.#options.roleSorter : this.#options.frameworkSorter;
    return sorter === 'drf' ? this.engine.view.order(role) : undefined;
  }

  /** Runs a cycle and keeps what it decided. @returns whether it decided anything */
  cycle(kind: CycleKind): boolean {
    const { allocations, inverseOffers } = this.engine.allocate(kind, this.clock.nowMs);
    for (const allocation of allocations) {
      this.record.offers.push(this.offers.add(allocation));
      const { frameworkId } = allocation;
      this.offerCounts.set(frameworkId, (this.offerCounts.get(frameworkId) ?? 0) + 1);
    }
    for (const inverse of inverseOffers) {
      this.#inverseOffers.set(pairKey(inverse), inverse);
      this.record.inverseOffers.push(inverse);
    }
    return allocations.length > 0 || inverseOffers.length > 0;
  }

  /** Runs the cycle that the facts of a step call for, if any (allocation rule A36). */
  runTriggered(): void {
    if (this.engine.isCycleDue) this.cycle('triggered');
  }

  advanceTo(targetNs: number): void {
    this.clock.advanceTo(targetNs, {
      batch: () => this.cycle('batch'),
      pauseEnds: () => void this.cycle('triggered'),
      skipped: (cycles) => {
        this.#skippedRuns += cycles;
      },
    });
  }

  /** Held resources come back. @param refuseSeconds present when there is to be a filter on them */
  recover(holding: Holding, refuseSeconds?: number): void {
    this.engine.recover(holding, this.clock.nowMs, refuseSeconds);
    if (refuseSeconds === undefined) return;
    this.clock.wakeAt(this.clock.nowNs + Math.max(refusalNs(refuseSeconds), this.#options.allocationIntervalNs));
  }

  /** Takes offers back from frameworks. */
  rescind(offers: Iterable<Offer>, refuseSeconds?: number): void {
    for (const offer of offers) {
      this.offers.remove(offer);
      this.record.rescinds.push(offer);
      this.recover(offer, refuseSeconds);
    }
  }

  rescindAll(query: OfferQuery): void {
    this.rescind(this.offers.find(query));
  }

  hasInverseOffer(frameworkId: string, agentId: string): boolean {
    return this.#inverseOffers.has(pairKey({ frameworkId, agentId }));
  }

  answerInverseOffer(frameworkId: string, agentId: string, isAccepted: boolean, refuseSeconds?: number): void {
    const inverse = { frameworkId, agentId };
    this.#inverseOffers.delete(pairKey(inverse));
    this.engine.answerInverseOffer(inverse, isAccepted, this.clock.nowMs, refuseSeconds);
    this.clock.wakeAt(this.clock.nowNs + refusalNs(refuseSeconds));
  }

  /** Outstanding inverse offers of an agent, or of a framework, are no more: new ones may be made. */
  forgetInverseOffers(of: { readonly agentId: string } | { readonly frameworkId: string }): void {
    for (const [key, { frameworkId, agentId }] of this.#inverseOffers) {
      if ('agentId' in of ? of.agentId !== agentId : of.frameworkId !== frameworkId) continue;
      this.#inverseOffers.delete(key);
      this.engine.answerInverseOffer({ frameworkId, agentId }, false, this.clock.nowMs, 0);
    }
  }

  setQuota(role: string, quota: Quota): void {
    const isDefault = quota.guarantees.isEmpty && quota.limits.isEmpty;
    if (isDefault) this.quotas.delete(role);
    else this.quotas.set(role, quota);
    this.engine.setQuota(role, isDefault ? undefined : quota);
  }

  /** The figures of allocation rule A82, as if no cycle had been left out. */
  metrics(): ReadonlyMap<string, number> {
    const metrics = new Map(this.engine.view.metrics(this.clock.nowMs, this.offers.all()));
    const runs = 'allocator/mesos/allocation_runs';
    metrics.set(runs, (metrics.get(runs) ?? 0) + this.#skippedRuns);
    return metrics;
  }
}

function pairKey({ frameworkId, agentId }: { frameworkId: string; agentId: string }): string {
  return JSON.stringify([frameworkId, agentId]);
}
