import { isReserved, valueQuantity } from '@tranche/resources';
import type { AllocatorMetrics, Holding, RoleFigures } from './engine.js';
import type { EngineState } from './engine-state.js';
import { consumedOf, type Role } from './roles/role.js';
import { figuresOf, knownRoles } from './roles/role-figures.js';

const PREFIX = 'allocator/mesos';

/** Names of which cluster totals are published. */
const TOTALED_NAMES = ['cpus', 'mem', 'disk'];

/**
 * The allocator's figures under their published names.
 *
 * @param offered what of the holdings is only offered: published consumption counts what is in use (A13)
 * @source allocation rule A82
 */
export function collectMetrics(state: EngineState, offered: Iterable<Holding>): AllocatorMetrics {
  const metrics = new Map<string, number>([[`${PREFIX}/allocation_runs`, state.runs]]);
  clusterMetrics(state, metrics);
  const offeredByRole = offeredQuantities(state, offered);
  for (const role of knownRoles(state)) {
    const figures = figuresOf(state, role);
    if (figures.share !== undefined) metrics.set(`${PREFIX}/roles/${role.name}/shares/dominant`, figures.share);
    metrics.set(`${PREFIX}/offer_filters/roles/${role.name}/active`, figures.filters);
    if (role.quota !== undefined) quotaMetrics(figures, metrics);
    consumedMetrics(state, role, offeredByRole, metrics);
  }
  return metrics;
}

function clusterMetrics({ names, totals, agents }: EngineState, metrics: Map<string, number>): void {
  const held = new Map<number, number>();
  for (const row of agents.values()) {
    const shared = new Set<number>();
    for (const { bundle, client } of row.holds) {
      if (!client.framework.isKnown) continue;
      bundle.kinds.forEach((kind, i) => {
        if (!kind.isScalar || (kind.isShared && shared.has(kind.id))) return;
        if (kind.isShared) shared.add(kind.id);
        held.set(kind.name, (held.get(kind.name) ?? 0) + (bundle.milli[i] as number));
      });
    }
  }
  for (const name of TOTALED_NAMES) {
    const index = names.find(name);
    metrics.set(`${PREFIX}/resources/${name}/total`, index === undefined ? 0 : (totals.milli[index] ?? 0) / 1000);
    const milli = index === undefined ? 0 : (held.get(index) ?? 0);
    metrics.set(`${PREFIX}/resources/${name}/offered_or_allocated`, milli / 1000);
  }
}

function quotaMetrics({ role, guarantees, limits, held }: RoleFigures, metrics: Map<string, number>): void {
  const prefix = `${PREFIX}/quota/roles/${role}/resources`;
  for (const [name, milli] of guarantees) metrics.set(`${prefix}/${name}/guarantee`, milli / 1000);
  for (const [name, milli] of limits) metrics.set(`${prefix}/${name}/limit`, milli / 1000);
  for (const name of new Set([...guarantees, ...limits].map(([each]) => each))) {
    metrics.set(`${prefix}/${name}/offered_or_allocated`, held.get(name) / 1000);
  }
}

/** In use and reserved, of the role's subtree: what is only offered and unreserved is taken off. */
function consumedMetrics(
  state: EngineState,
  role: Role,
  offered: ReadonlyMap<string, ReadonlyMap<string, number>>,
  metrics: Map<string, number>,
): void {
  const { names } = state;
  const consumed = role.parent === undefined ? topConsumed(state, role) : subtreeConsumed(state, role);
  for (const [index, milli] of consumed) {
    const name = names.nameOf(index);
    const inUse = milli - (offered.get(role.name)?.get(name) ?? 0);
    if (inUse > 0) metrics.set(`${PREFIX}/quota/roles/${role.name}/resources/${name}/consumed`, inUse / 1000);
  }
}

function topConsumed({ names }: EngineState, role: Role): [name: number, milli: number][] {
  return Array.from({ length: names.count }, (_, name) => [name, consumedOf(role, name)]);
}

/** The same for a nested role, which keeps no running sums: from agents and holdings. */
function subtreeConsumed(state: EngineState, role: Role): Map<number, number> {
  const consumed = new Map<number, number>();
  const add = (name: number, milli: number): void => {
    consumed.set(name, (consumed.get(name) ?? 0) + milli);
  };
  const isBelow = (other: string): boolean => other === role.name || other.startsWith(`${role.name}/`);
  for (const row of state.agents.values()) {
    row.bundle.kinds.forEach((kind, i) => {
      if (kind.isScalar && !kind.isRevocable && kind.role !== undefined && isBelow(kind.role)) {
        add(kind.name, row.bundle.milli[i] as number);
      }
    });
    for (const { client, bundle } of row.holds) {
      if (!client.framework.isKnown || !isBelow(client.role.name)) continue;
      bundle.kinds.forEach((kind, i) => {
        if (kind.isBounded) add(kind.name, bundle.milli[i] as number);
      });
    }
  }
  return consumed;
}

/** Unreserved, non-revocable scalars in offers, by role and by each of its ancestors, by name. */
function offeredQuantities(state: EngineState, offered: Iterable<Holding>): Map<string, Map<string, number>> {
  const byRole = new Map<string, Map<string, number>>();
  for (const { role, resources } of offered) {
    for (const name of state.roles.find(role)?.lineage ?? [role]) {
      const sums = byRole.get(name) ?? new Map<string, number>();
      byRole.set(name, sums);
      for (const resource of resources) {
        if (resource.value.kind !== 'scalar' || isReserved(resource) || resource.revocable === true) continue;
        sums.set(resource.name, (sums.get(resource.name) ?? 0) + valueQuantity(resource.value));
      }
    }
  }
  return byRole;
}
