import { AGENT_TRAITS } from '../cluster/agent-row.js';
import type { EngineState } from '../engine-state.js';
import type { Headroom } from '../roles/headroom.js';
import { consumedOf, type Role } from '../roles/role.js';
import type { Visit } from './visit.js';

/** Agents that have more than unreserved scalars, ranges and sets: limits do not bound the rest (allocation rule A43). */
const UNBOUNDED = AGENT_TRAITS.hasReservations | AGENT_TRAITS.hasSpecials;

/**
 * Knows without trying whom the second stage cannot serve: roles whose limit leaves less than the smallest offer, and everybody
 * once the headroom does. In a cluster at its limits a cycle then passes agents over instead of putting each role to each of them.
 */
export class Starvation {
  /** Roles with a limit that are worth no visit on an ordinary agent. */
  readonly #starved = new Set<Role>();
  /** Roles that take offers and are not starved. */
  #hungry = 0;

  constructor(
    private readonly state: EngineState,
    private readonly headroom: Headroom,
  ) {}

  /** Takes stock. */
  begin(): void {
    this.#starved.clear();
    this.#hungry = 0;
    for (const role of this.state.roles.withQuota) if (this.#isStarving(role)) this.#starved.add(role);
    for (const role of this.state.roles.values()) {
      if (role.activeClients > 0 && !this.#starved.has(role)) this.#hungry++;
    }
  }

  /** Something was given to a role: its top-level role may be at its limit now. */
  hasGiven({ top }: Role): void {
    if (top.quota === undefined || this.#starved.has(top) || !this.#isStarving(top)) return;
    this.#starved.add(top);
    if (top.activeClients > 0) this.#hungry--;
  }

  /** Whether visiting the agent is pointless for everybody. */
  isHopeless(visit: Visit): boolean {
    if ((visit.traits & UNBOUNDED) !== 0) return false;
    const isHopeless =
      this.#hungry === 0 ||
      (this.state.clientsWithMinimums.size === 0 && this.headroom.isRequired && this.#isHeldBack());
    if (isHopeless) this.state.cluster.boundByQuota[visit.row.index] = 1;
    return isHopeless;
  }

  /** Whether visiting the agent is pointless for this role. */
  isStarved(role: Role, visit: Visit): boolean {
    if (role.quota === undefined || (visit.traits & UNBOUNDED) !== 0 || !this.#starved.has(role)) return false;
    this.state.cluster.boundByQuota[visit.row.index] = 1;
    return true;
  }

  #isStarving(role: Role): boolean {
    const { quota } = role;
    if (quota?.hasLimits !== true) return false;
    for (const client of role.clients.values()) if (client.minimums !== undefined) return false;
    return !this.#allows((name) => (quota.limits.get(name) ?? Infinity) - consumedOf(role, name));
  }

  #isHeldBack(): boolean {
    return !this.#allows((name) => this.headroom.surplus(name));
  }

  /** Whether some smallest offer fits into what is left of each scalar. */
  #allows(leftOf: (name: number) => number): boolean {
    const { minimums, kinds } = this.state;
    if (minimums.length === 0) return true;
    return minimums.some(({ names, milli }) =>
      names.every((name, i) => !kinds.isScalarName(name) || leftOf(name) >= (milli[i] as number)),
    );
  }
}
