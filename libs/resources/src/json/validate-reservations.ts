import { isStrictSubrole, roleError } from '../reservations/role.js';
import { printLabels } from '../text/printed-text.js';
import { readLabels } from './read-resource.js';
import type { LabelsJson, ReservationJson, ResourceJson } from './resource-json.js';

/**
 * What is wrong with a resource's reservations, in Mesos' words; undefined when they are valid.
 *
 * @source allocation rule A10; Mesos accepts the older form, the newer one, and both together when they agree
 */
export function reservationError(json: ResourceJson): string | undefined {
  const stack = json.reservations ?? [];
  if (stack.length === 0) return oldFormError(json);
  const error = stackError(stack);
  if (error !== undefined) return error;
  return stack.length === 1 ? bothFormsError(json, stack[0] as ReservationJson) : mixedFormError(json);
}

function oldFormError({ role = '*', reservation }: ResourceJson): string | undefined {
  const error = roleError(role);
  if (error !== undefined || reservation === undefined) return error;
  for (const member of ['type', 'role'] as const) {
    if (reservation[member] !== undefined) {
      return `'Resource.ReservationInfo.${member}' must not be set for the 'Resource.reservation' field`;
    }
  }
  return role === '*' ? 'Invalid reservation: role "*" cannot be dynamically reserved' : undefined;
}

function stackError(stack: readonly ReservationJson[]): string | undefined {
  for (const { type, role } of stack) {
    if (type === undefined) return "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.";
    if (role === undefined) return "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.";
    const error = roleError(role);
    if (error !== undefined) return error;
    if (role === '*') return 'Invalid reservation: role "*" cannot be reserved';
    if (type !== 'STATIC' && type !== 'DYNAMIC') return "Unsupported 'Resource.ReservationInfo.Type'";
  }
  for (let i = 1; i < stack.length; i++) {
    const ancestor = stack[i - 1]?.role ?? '';
    const { type, role: descendant = '' } = stack[i] as ReservationJson;
    if (type === 'STATIC') return 'Invalid refined reservation: A refined reservation cannot be STATIC';
    if (!isStrictSubrole(descendant, ancestor)) {
      return `Invalid refined reservation: role '${descendant}' is not a refinement of '${ancestor}'`;
    }
  }
  return undefined;
}

function bothFormsError({ role, reservation }: ResourceJson, entry: ReservationJson): string | undefined {
  if (role !== undefined && role !== entry.role) {
    return `Invalid resource format: 'Resource.role' field with '${role}' does not match the role '${entry.role}' in 'Resource.reservations'`;
  }
  if (entry.type === 'STATIC') {
    if (reservation === undefined) return undefined;
    return "Invalid resource format: 'Resource.reservation' must not be set if the single reservation in 'Resource.reservations' is STATIC";
  }
  if ((role === undefined) !== (reservation === undefined)) {
    return "Invalid resource format: 'Resource.role' and 'Resource.reservation' must either be both set or both not set if the single reservation in 'Resource.reservations' is DYNAMIC";
  }
  return reservation === undefined ? undefined : reserverError(reservation, entry);
}

function reserverError(old: ReservationJson, entry: ReservationJson): string | undefined {
  const [oldPrincipal, principal] = [old.principal ?? '', entry.principal ?? ''];
  if (oldPrincipal !== principal) {
    return `Invalid resource format: 'Resource.reservation.principal' field with '${oldPrincipal}' does not match the principal '${principal}' in 'Resource.reservations'`;
  }
  const [oldLabels, labels] = [old.labels ?? {}, entry.labels ?? {}];
  if (sortedLabels(oldLabels) === sortedLabels(labels)) return undefined;
  return `Invalid resource format: 'Resource.reservation.labels' field with '${printLabels(readLabels(oldLabels))}' does not match the labels '${printLabels(readLabels(labels))}' in 'Resource.reservations'`;
}

function sortedLabels(labels: LabelsJson): string {
  const texts = readLabels(labels).map(({ key, value }) => JSON.stringify([key, value ?? null]));
  return texts.toSorted().join();
}

function mixedFormError({ role, reservation }: ResourceJson): string | undefined {
  if (role === undefined && reservation === undefined) return undefined;
  const member = role === undefined ? 'reservation' : 'role';
  return `Invalid resource format: 'Resource.${member}' must not be set if there is more than one reservation in 'Resource.reservations'`;
}
