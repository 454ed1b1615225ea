import { Limits, Quantities } from '@tranche/resources';
import type { Vector } from '../cluster/vector.js';
import type { RoleFigures } from '../engine.js';
import type { EngineState } from '../engine-state.js';
import { VIRTUAL_LEAF } from '../sorter/sorter.js';
import { consumedOf, type Role } from './role.js';

/** Roles with a tracked framework, a reservation, a quota or a weight, and those above such (allocation rule A12). */
export function* knownRoles({ roles }: EngineState): Generator<Role> {
  for (const role of roles.values()) {
    const isKnown =
      role.clients.size > 0 ||
      role.reservations > 0 ||
      role.quota !== undefined ||
      role.weight !== 1 ||
      role.children > 0;
    if (isKnown) yield role;
  }
}

export function figuresOf(state: EngineState, role: Role): RoleFigures {
  const { roleSorter } = state;
  const share = roleSorter.share(role.name + VIRTUAL_LEAF) ?? roleSorter.share(role.name);
  let filters = 0;
  for (const client of role.clients.values()) filters += client.filters.length;
  return {
    role: role.name,
    // An inner node without frameworks of its own is no client.
    share: role.leaf === undefined ? undefined : share,
    guarantees: role.quota?.spec.guarantees ?? Quantities.EMPTY,
    limits: role.quota?.spec.limits ?? Limits.EMPTY,
    held: heldBy(state, role),
    reserved: quantitiesOf(state, role.reserved),
    filters,
  };
}

/**
 * What guarantees still lack, name by name, and what is free for them.
 *
 * @source allocation rule A42
 */
export function headroomOf(state: EngineState): { readonly required: Quantities; readonly available: Quantities } {
  const lacking: [string, number][] = [];
  for (const role of state.roles.withQuota) {
    role.quota?.guarantees.forEach((milli, name) => {
      const missing = milli - consumedOf(role, name);
      if (missing > 0) lacking.push([state.names.nameOf(name), missing]);
    });
  }
  return { required: Quantities.of(lacking), available: quantitiesOf(state, state.cluster.idle) };
}

/** All scalars that the role's own frameworks hold; a shared volume once an agent. */
function heldBy({ names }: EngineState, role: Role): Quantities {
  const held: [string, number][] = [];
  const shared = new Set<string>();
  for (const client of role.clients.values()) {
    for (const { bundle, agent } of client.holds) {
      bundle.kinds.forEach((kind, i) => {
        const copy = `${agent.id} ${kind.id}`;
        if (!kind.isScalar || (kind.isShared && shared.has(copy))) return;
        if (kind.isShared) shared.add(copy);
        held.push([names.nameOf(kind.name), bundle.milli[i] as number]);
      });
    }
  }
  return Quantities.of(held);
}

function quantitiesOf({ names }: EngineState, vector: Vector): Quantities {
  return Quantities.of(vector.slice(0, names.count).map((milli, name) => [names.nameOf(name), milli]));
}
