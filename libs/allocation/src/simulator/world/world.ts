import type { Resources } from '@tranche/resources';
import type { AgentSpec, AllocationEngine, CycleKind, FrameworkSpec, Holding, Quota } from '../../engine.js';
import { createEngine } from '../../hierarchical-engine.js';
import type { ScenarioOptions } from '../scenario/options.js';
import { randomSource } from '../scenario/random-source.js';
import { ScenarioError } from '../scenario/scenario.errors.js';
import { emptyOutcome, type Offer, type Outcome } from './offer.js';
import { toQuota } from './quota-policy.js';
import { UsageBook } from './usage-book.js';

/**
 * What is around the allocator: the cluster manager with its offers, and a clock that moves only when told.
 *
 * Verbs work on it; everything they bring about is collected in `outcome`.
 */
export class World {
  readonly engine: AllocationEngine;
  readonly agents = new Map<string, AgentSpec>();
  readonly frameworks = new Map<string, FrameworkSpec>();
  /** Outstanding offers in the order in which they were made. */
  readonly offers = new Map<string, Offer>();
  readonly inUse = new UsageBook();
  /** By role. */
  readonly quotas = new Map<string, Quota>();
  /** Inverse offers not answered yet, as `framework agent`. */
  readonly inverseOffers = new Set<string>();
  /** How many offers each framework has been made. */
  readonly offerCounts = new Map<string, number>();
  /** Outcomes of all steps so far that are not expectations. */
  readonly history: Outcome[] = [];
  outcome: Outcome = emptyOutcome();
  /** Place of the step being run: `step 3: accept`. */
  place = '';
  /** Findings of the expectation being checked. */
  diff: string[] = [];
  #nowNs = 0;
  #batches = 0;
  #offerNumber = 0;

  constructor(readonly options: ScenarioOptions) {
    const { recovery } = options;
    this.engine = createEngine({
      random: randomSource(options.seed),
      allocationIntervalMs: options.allocationIntervalNs / 1e6,
      minAllocatable: options.minAllocatable,
      roleSorter: options.roleSorter,
      frameworkSorter: options.frameworkSorter,
      fairSharingExcludes: options.fairSharingExcludes,
      filterGpus: options.filterGpus,
      domain: options.domain,
      agentOrder: options.agentOrder,
      recovery: recovery && {
        expectedAgents: recovery.expectedAgents,
        factor: recovery.factor,
        timeoutMs: recovery.timeoutNs / 1e6,
      },
    });
    for (const quota of recovery?.quotas ?? []) {
      this.quotas.set(quota.role, toQuota(quota));
      this.engine.setQuota(quota.role, toQuota(quota));
    }
    // The pause after a failover is counted from now.
    this.engine.allocate('triggered', 0);
  }

  get nowNs(): number {
    return this.#nowNs;
  }

  get nowMs(): number {
    return this.#nowNs / 1e6;
  }

  /** A fault of the scenario at a field of the step being run. */
  fault(field: string, problem: string): ScenarioError {
    return new ScenarioError(`${this.place}.${field}`, problem);
  }

  agent(field: string, id: string): AgentSpec {
    const agent = this.agents.get(id);
    if (agent === undefined) throw this.fault(field, `no agent ${id}`);
    return agent;
  }

  framework(field: string, id: string): FrameworkSpec {
    const framework = this.frameworks.get(id);
    if (framework === undefined) throw this.fault(field, `no framework ${id}`);
    return framework;
  }

  /** Runs the cycle that the step's events call for, if any, or one of the given kind. */
  cycle(kind: CycleKind = 'triggered'): void {
    const { allocations, inverseOffers } = this.engine.allocate(kind, this.nowMs);
    for (const { frameworkId, role, agentId, resources } of allocations) {
      const id = `o${++this.#offerNumber}`;
      const offer = { id, framework: frameworkId, role, agent: agentId, resources };
      this.offers.set(id, offer);
      this.outcome.offers.push(offer);
      this.offerCounts.set(frameworkId, (this.offerCounts.get(frameworkId) ?? 0) + 1);
    }
    for (const { frameworkId, agentId } of inverseOffers) {
      this.inverseOffers.add(inverseKey(frameworkId, agentId));
      this.outcome.inverseOffers.push({ framework: frameworkId, agent: agentId });
    }
  }

  /** Moves the clock, running the batch cycles that fall due, also at the last instant. */
  advance(ns: number): void {
    const end = this.#nowNs + ns;
    const { allocationIntervalNs } = this.options;
    for (let due = (this.#batches + 1) * allocationIntervalNs; due <= end; due += allocationIntervalNs) {
      this.#batches++;
      this.#nowNs = due;
      this.cycle('batch');
    }
    this.#nowNs = end;
    this.cycle();
  }

  offersOf(match: Partial<Pick<Offer, 'framework' | 'role' | 'agent'>>): Offer[] {
    return [...this.offers.values()].filter(
      (offer) =>
        (match.framework === undefined || offer.framework === match.framework) &&
        (match.role === undefined || offer.role === match.role) &&
        (match.agent === undefined || offer.agent === match.agent),
    );
  }

  /** Ends an offer and returns its resources, with a filter when a time is given. */
  endOffer(offer: Offer, refuseSeconds?: number): void {
    this.offers.delete(offer.id);
    this.giveBack(offer, offer.resources, refuseSeconds);
  }

  giveBack(offer: Offer, resources: Resources, refuseSeconds?: number): void {
    this.engine.recover(holdingOf(offer, resources), this.nowMs, refuseSeconds);
  }

  /** Takes an offer back from its framework, which is told so. */
  rescind(offer: Offer, refuseSeconds?: number): void {
    this.endOffer(offer, refuseSeconds);
    this.outcome.rescinds.push(offer);
  }

  forgetInverseOffers(isGone: (framework: string, agent: string) => boolean): void {
    for (const key of this.inverseOffers) {
      const [framework, agent] = JSON.parse(key) as [string, string];
      if (isGone(framework, agent)) this.inverseOffers.delete(key);
    }
  }

  /** What outstanding offers hold. */
  offered(): Holding[] {
    return [...this.offers.values()].map((offer) => holdingOf(offer, offer.resources));
  }
}

export function inverseKey(framework: string, agent: string): string {
  return JSON.stringify([framework, agent]);
}

function holdingOf({ framework, role, agent }: Offer, resources: Resources): Holding {
  return { frameworkId: framework, role, agentId: agent, resources };
}
