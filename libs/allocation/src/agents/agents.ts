import { AGENT_TRAITS, type AgentRow } from '../cluster/agent-row.js';
import { Bundle, bundleOf } from '../cluster/bundle.js';
import { containsBundle, isSameBundle } from '../cluster/bundle-algebra.js';
import type { AgentSpec, Holding } from '../engine.js';
import type { EngineState } from '../engine-state.js';
import { clientOf, frameworkEntry, untrackIfIdle } from '../frameworks/tracking.js';

/** What happens to agents: they come, change, and go (allocation rules A29–A35). */
export class Agents {
  constructor(private readonly state: EngineState) {}

  /** @source allocation rule A34 */
  add(spec: AgentSpec, held: readonly Holding[]): AgentRow {
    this.remove(spec.id);
    const { cluster, agents } = this.state;
    const row: AgentRow = {
      index: cluster.claim(),
      id: spec.id,
      hostname: spec.hostname,
      attributes: spec.attributes,
      domain: spec.domain,
      capabilities: spec.capabilities,
      unavailability: spec.unavailability,
      isActive: true,
      bundle: Bundle.EMPTY,
      holds: [],
      filters: [],
      refusers: [],
    };
    cluster.rows[row.index] = row;
    agents.set(row.id, row);
    this.#forgetVerdicts(row);
    this.#setTraits(row);
    this.setTotal(row, bundleOf(spec.resources, this.state.kinds));
    this.hold(row, held);
    return row;
  }

  /**
   * @returns whether anything differs from what is known
   * @source allocation rule A32
   */
  update(row: AgentRow, spec: Omit<AgentSpec, 'unavailability'>): boolean {
    const hasNewAttributes = !isSame(row.attributes, spec.attributes);
    const total = bundleOf(spec.resources, this.state.kinds);
    const hasNewTotal = !isSameTotal(row.bundle, total);
    const isOther =
      row.hostname !== spec.hostname ||
      !isSame(row.domain, spec.domain) ||
      !isSame(row.capabilities, spec.capabilities);
    if (!hasNewAttributes && !hasNewTotal && !isOther) return false;
    row.hostname = spec.hostname;
    row.attributes = spec.attributes;
    row.domain = spec.domain;
    row.capabilities = spec.capabilities;
    if (hasNewAttributes) {
      this.state.filters.clearAgent(row);
      this.state.inverseOffers.clearFilters({ agentId: row.id });
    }
    this.#forgetVerdicts(row);
    this.#setTraits(row);
    if (hasNewTotal) this.setTotal(row, total);
    this.state.cluster.settledAt[row.index] = 0;
    return true;
  }

  /** Its total, what is held there and its filters are gone. Unknown agents are ignored (allocation rule A34). */
  remove(agentId: string): void {
    const row = this.state.agents.get(agentId);
    if (row === undefined) return;
    this.#dropHolds(row);
    this.state.filters.clearAgent(row);
    this.state.inverseOffers.forget({ agentId });
    this.#trackReservations(row.bundle, -1);
    this.state.cluster.release(row);
    this.state.agents.delete(agentId);
  }

  /** Replaces the total. What is held stays held, also beyond the new total (allocation rule A29). */
  setTotal(row: AgentRow, total: Bundle): void {
    this.#trackReservations(row.bundle, -1);
    row.bundle = this.state.totalsPool.share(total);
    this.#trackReservations(row.bundle, 1);
    this.state.cluster.setTotal(row);
  }

  /** Records what is offered or in use on the agent. Empty holdings are ignored. */
  hold(row: AgentRow, held: readonly Holding[]): void {
    const { state } = this;
    for (const { frameworkId, role, resources } of held) {
      if (resources.isEmpty) continue;
      const client = clientOf(state, frameworkEntry(state, frameworkId), role);
      const bundle = bundleOf(resources, state.kinds);
      state.ledger.take(client, row, bundle);
      state.ledger.charge(client, row, bundle);
    }
  }

  /** Replaces what is held on the agent. */
  replaceHeld(row: AgentRow, held: readonly Holding[]): void {
    this.#dropHolds(row);
    this.state.cluster.setTotal(row);
    this.hold(row, held);
  }

  /** Whether the host may take part in cycles at all (allocation rules A30, A31). */
  isCandidate(row: AgentRow): boolean {
    return row.isActive && (this.state.whitelist === undefined || this.state.whitelist.has(row.hostname));
  }

  #dropHolds(row: AgentRow): void {
    for (let hold = row.holds.at(-1); hold !== undefined; hold = row.holds.at(-1)) {
      this.state.ledger.forget(hold);
      untrackIfIdle(this.state, hold.client);
    }
  }

  /** Reservations count against quota wherever they are, held or not, and keep their role known (A12, A13). */
  #trackReservations(bundle: Bundle, sign: 1 | -1): void {
    const { roles } = this.state;
    for (let i = 0; i < bundle.kinds.length; i++) {
      const kind = bundle.kinds[i];
      if (kind?.role === undefined) continue;
      const role = roles.get(kind.role);
      role.reservations += sign;
      if (kind.isScalar && !kind.isRevocable) {
        role.top.reserved[kind.name] = (role.top.reserved[kind.name] ?? 0) + sign * (bundle.milli[i] as number);
      }
      if (sign < 0) {
        roles.prune(role);
        this.state.quotaLoosenedAt = ++this.state.changes;
      }
    }
  }

  #setTraits(row: AgentRow): void {
    const { cluster, options } = this.state;
    const { domain } = row;
    let traits = (cluster.traits[row.index] as number) & ~SPEC_TRAITS;
    const region = options.domain?.region;
    // Without a domain of its own the cluster manager cannot tell: everything is local.
    if (domain !== undefined && region !== undefined && domain.region !== region) traits |= AGENT_TRAITS.isRemote;
    if (!row.capabilities.includes('MULTI_ROLE')) traits |= AGENT_TRAITS.lacksMultiRole;
    if (!row.capabilities.includes('HIERARCHICAL_ROLE')) traits |= AGENT_TRAITS.lacksHierarchicalRole;
    cluster.traits[row.index] = traits;
  }

  #forgetVerdicts(row: AgentRow): void {
    for (const test of this.state.constraintTests) test.forget(row.index);
  }
}

const SPEC_TRAITS = AGENT_TRAITS.isRemote | AGENT_TRAITS.lacksMultiRole | AGENT_TRAITS.lacksHierarchicalRole;

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function isSameTotal(a: Bundle, b: Bundle): boolean {
  return isSameBundle(a, b) || (a.kinds.length === b.kinds.length && containsBundle(a, b) && containsBundle(b, a));
}
