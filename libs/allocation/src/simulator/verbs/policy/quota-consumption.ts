import {
  isReserved,
  isStrictSubrole,
  Quantities,
  type Resource,
  reservationRole,
  type Resources,
} from '@tranche/resources';
import type { Simulation } from '../../simulation.js';

/** Whether a role is this one or below it. */
export function isWithin(role: string, top: string): boolean {
  return role === top || isStrictSubrole(role, top);
}

/**
 * What a role's subtree consumes as it is published: all its reservations, held or idle, and unreserved resources in use.
 *
 * @source allocation rule A13, second reading
 */
export function publishedConsumption(simulation: Simulation, top: string): Quantities {
  let sum = Quantities.EMPTY;
  for (const total of totals(simulation)) {
    sum = sum.plus(
      bounded(total, (resource) => isReserved(resource) && isWithin(reservationRole(resource) ?? '', top)),
    );
  }
  for (const { role, resources } of simulation.inUse.all()) {
    if (isWithin(role, top)) sum = sum.plus(bounded(resources, (resource) => !isReserved(resource)));
  }
  return sum;
}

/** What guarantees can be met from: all scalars that are not revocable (allocation rule A72). */
export function capacity(simulation: Simulation): Quantities {
  let sum = Quantities.EMPTY;
  for (const total of totals(simulation)) sum = sum.plus(total.nonRevocable().scalarQuantities());
  return sum;
}

function bounded(resources: Resources, isCounted: (resource: Resource) => boolean): Quantities {
  return resources.nonRevocable().filter(isCounted).scalarQuantities();
}

function* totals({ agents, engine }: Simulation): Generator<Resources> {
  for (const id of agents.keys()) {
    const total = engine.view.total(id);
    if (total !== undefined) yield total;
  }
}
