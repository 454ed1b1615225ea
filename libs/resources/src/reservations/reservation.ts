import type { Reservation, Resource } from '../resource.js';
import { ResourceError } from '../resource.errors.js';
import { isStrictSubrole, roleError } from './role.js';
import { printResource } from '../text/printed-text.js';

/**
 * Whether a resource may be given to a role: unreserved, or reserved for the role or one of its ancestors.
 *
 * @source allocation rule A10
 */
export function isAllocatableTo(resource: Resource, role: string): boolean {
  const reserved = resource.reservations.at(-1)?.role;
  return reserved === undefined || reserved === role || isStrictSubrole(role, reserved);
}

/**
 * The resource with one more entry on its reservation stack.
 *
 * @throws ResourceError `resources/bad-reservation`: role invalid, or not strictly below the entry under it; STATIC
 *   on top of another entry
 * @source allocation rule A10
 */
export function pushReservation(resource: Resource, entry: Reservation): Resource {
  const error = entry.role === '*' ? 'Invalid reservation: role "*" cannot be reserved' : roleError(entry.role);
  if (error !== undefined) throw refuse(error);
  const under = resource.reservations.at(-1);
  if (under !== undefined && entry.type === 'STATIC') {
    throw refuse('Invalid refined reservation: A refined reservation cannot be STATIC');
  }
  if (under !== undefined && !isStrictSubrole(entry.role, under.role)) {
    throw refuse(`Invalid refined reservation: role '${entry.role}' is not a refinement of '${under.role}'`);
  }
  return withReservations(resource, [...resource.reservations, entry]);
}

/**
 * The resource without the top entry of its reservation stack, which must be DYNAMIC.
 *
 * @throws ResourceError `resources/bad-reservation` with Mesos' text
 */
export function popReservation(resource: Resource): Resource {
  if (resource.reservations.at(-1)?.type !== 'DYNAMIC') {
    throw refuse(`Resource ${printResource(resource)} is not dynamically reserved`);
  }
  return withReservations(resource, resource.reservations.slice(0, -1));
}

/** The resource with another reservation stack; nothing is checked. */
export function withReservations(resource: Resource, reservations: readonly Reservation[]): Resource {
  const { name, value, disk, revocable, shared, providerId, allocationRole, copies } = resource;
  return { name, value, reservations, disk, revocable, shared, providerId, allocationRole, copies };
}

function refuse(message: string): ResourceError {
  return new ResourceError('resources/bad-reservation', message);
}
