import { Resources } from '@tranche/resources';
import type { AllocationEngine, EngineAgent, EngineFramework, Held, ShareView } from './allocation-engine.port.js';
import { dominantShare } from './dominant-share.js';
import { Holdings } from './holdings.js';
import { OfferFilters } from './offer-filters.js';

export interface DrfEngineOptions {
  /** A filter lives at least so long. */
  readonly allocationIntervalMs: number;
  /** In [0, 1): decides the order of agents in a cycle. */
  readonly random: () => number;
}

/** Offers below both of these are not worth a framework's attention: `cpus:0.01` or `mem:32` (allocation rule A45). */
const MINIMUM: readonly (readonly [name: string, milli: number])[] = [
  ['cpus', 10],
  ['mem', 32_000],
];

/**
 * Dominant resource fairness over roles, then over the frameworks of a role; the first eligible framework gets all that is free on an
 * agent (allocation rules A16 to A20 for one level of roles, A38, A45, A46, A48, A50, A55 to A59).
 */
export class DrfEngine implements AllocationEngine {
  private readonly agents = new Map<string, EngineAgent>();
  private readonly ready = new Set<string>();
  private readonly frameworks = new Map<string, EngineFramework>();
  private readonly weights = new Map<string, number>();
  private readonly holdings = new Holdings();
  private readonly filters: OfferFilters;
  private totals: ReadonlyMap<string, number> = new Map();

  constructor(private readonly options: DrfEngineOptions) {
    this.filters = new OfferFilters(options.allocationIntervalMs);
  }

  putAgent(agent: EngineAgent): void {
    this.agents.set(agent.agentId, agent);
    this.sumTotals();
  }

  removeAgent(agentId: string): void {
    this.agents.delete(agentId);
    this.ready.delete(agentId);
    this.holdings.removeAgent(agentId);
    this.filters.clearAgent(agentId);
    this.sumTotals();
  }

  setHeld(agentId: string, held: readonly Held[]): void {
    if (!this.agents.has(agentId)) return;
    this.holdings.removeAgent(agentId);
    for (const one of held) this.holdings.add(one);
    this.ready.add(agentId);
  }

  putFramework(framework: EngineFramework): void {
    const { frameworkId } = framework;
    const before = this.frameworks.get(frameworkId);
    this.frameworks.set(frameworkId, framework);
    if (before === undefined) return;
    if (!framework.active) this.filters.clearFramework(frameworkId);
    const unsuppressed = before.suppressedRoles.filter((role) => !framework.suppressedRoles.includes(role));
    const left = before.roles.filter((role) => !framework.roles.includes(role));
    if (unsuppressed.length + left.length > 0) this.filters.clearFramework(frameworkId, [...unsuppressed, ...left]);
  }

  removeFramework(frameworkId: string): void {
    this.frameworks.delete(frameworkId);
    this.filters.clearFramework(frameworkId);
    this.holdings.removeFramework(frameworkId);
  }

  setWeight(role: string, weight: number): void {
    this.weights.set(role, weight);
  }

  recover(held: Held, refuseSeconds: number | undefined, nowMs: number): void {
    this.holdings.remove(held);
    if (refuseSeconds !== undefined && this.frameworks.get(held.frameworkId)?.active === true) {
      this.filters.refuse(held, refuseSeconds, nowMs);
    }
  }

  revive(frameworkId: string, roles: readonly string[]): void {
    this.filters.clearFramework(frameworkId, roles);
  }

  allocate(agentIds: ReadonlySet<string> | 'all', nowMs: number): Held[] {
    const chosen = [...this.ready].filter((agentId) => agentIds === 'all' || agentIds.has(agentId));
    return this.shuffled(chosen).flatMap((agentId) => this.allocateAgent(agentId, nowMs));
  }

  held(): Iterable<Held> {
    return this.holdings.all();
  }

  shares(): ShareView[] {
    return this.rolesByShare().flatMap(({ role, share }) => [
      { role, share, weight: this.weightOf(role) },
      ...this.frameworksByShare(role).map((one) => ({
        role,
        frameworkId: one.frameworkId,
        share: one.share,
        weight: 1,
      })),
    ]);
  }

  private allocateAgent(agentId: string, nowMs: number): Held[] {
    const given: Held[] = [];
    let free = this.freeOn(agentId);
    for (const { role } of this.rolesByShare()) {
      if (free.isEmpty) break;
      const allocatable = free.allocatableTo(role);
      if (!isWorthOffering(allocatable)) continue;
      for (const { frameworkId } of this.frameworksByShare(role)) {
        const held = this.candidate(agentId, role, frameworkId, allocatable, nowMs);
        if (held === undefined) continue;
        this.holdings.add(held);
        given.push(held);
        free = free.minus(held.resources);
        break;
      }
    }
    return given;
  }

  /** What this framework would be offered of the agent; undefined when it is not eligible for any of it. */
  private candidate(
    agentId: string,
    role: string,
    frameworkId: string,
    allocatable: Resources,
    nowMs: number,
  ): Held | undefined {
    const framework = this.frameworks.get(frameworkId);
    if (!framework?.active || framework.suppressedRoles.includes(role)) return undefined;
    const total = this.agents.get(agentId)?.total ?? Resources.EMPTY;
    if (total.scalarMilli('gpus') > 0 && !framework.capabilities.has('GPU_RESOURCES')) return undefined;
    const resources = stripped(allocatable, framework.capabilities);
    const held: Held = { frameworkId, role, agentId, resources };
    return isWorthOffering(resources) && !this.filters.blocks(held, nowMs) ? held : undefined;
  }

  private freeOn(agentId: string): Resources {
    let free = this.agents.get(agentId)?.total ?? Resources.EMPTY;
    for (const { resources } of this.holdings.onAgent(agentId)) free = free.minus(resources);
    return free;
  }

  private rolesByShare(): { role: string; share: number }[] {
    const roles = new Set([...this.frameworks.values()].flatMap((framework) => framework.roles));
    return [...roles]
      .map((role) => ({ role, share: dominantShare(this.holdings.ofRole(role), this.totals) / this.weightOf(role) }))
      .toSorted((a, b) => a.share - b.share || compare(a.role, b.role));
  }

  private frameworksByShare(role: string): { frameworkId: string; share: number }[] {
    return [...this.frameworks.values()]
      .filter((framework) => framework.roles.includes(role))
      .map(({ frameworkId }) => ({
        frameworkId,
        share: dominantShare(this.holdings.ofFramework(frameworkId, role), this.totals),
      }))
      .toSorted((a, b) => a.share - b.share || compare(a.frameworkId, b.frameworkId));
  }

  private weightOf(role: string): number {
    return this.weights.get(role) ?? 1;
  }

  private sumTotals(): void {
    const totals = new Map<string, number>();
    for (const { total } of this.agents.values()) {
      for (const [name, milli] of total.scalarQuantities()) totals.set(name, (totals.get(name) ?? 0) + milli);
    }
    this.totals = totals;
  }

  /** Fisher and Yates, with the random source that was given. */
  private shuffled(ids: string[]): string[] {
    for (let i = ids.length - 1; i > 0; i--) {
      const j = Math.floor(this.options.random() * (i + 1));
      [ids[i], ids[j]] = [ids[j] as string, ids[i] as string];
    }
    return ids;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Without what the framework could not handle (allocation rule A48). */
function stripped(resources: Resources, capabilities: ReadonlySet<string>): Resources {
  let kept = resources;
  if (!capabilities.has('REVOCABLE_RESOURCES')) kept = kept.nonRevocable();
  if (!capabilities.has('SHARED_RESOURCES')) kept = kept.nonShared();
  if (!capabilities.has('RESERVATION_REFINEMENT')) kept = kept.filter(({ reservations }) => reservations.length < 2);
  return kept;
}

function isWorthOffering(resources: Resources): boolean {
  return MINIMUM.some(([name, milli]) => resources.scalarMilli(name) >= milli);
}
