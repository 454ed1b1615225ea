import type { DiskInfo, DiskSource, Label, Reservation, Resource } from '../resource.js';
import { formatMilli } from '../values/milli.js';
import { formatRanges } from '../values/ranges.js';
import type { ResourceValue } from '../values/resource-value.js';

/**
 * The form in which Mesos prints resources in logs and error texts, in stored order:
 * `cpus(allocated: r)(reservations: [(DYNAMIC,r,alice,{k: v})]):1; ports:[1-4]`, and `{}` for nothing.
 */
export function printedText(resources: Iterable<Resource>): string {
  const parts = Array.from(resources, printCounted);
  return parts.length === 0 ? '{}' : parts.join('; ');
}

/** One resource in Mesos' printed form. */
export function printResource(resource: Resource): string {
  return (
    resource.name +
    (resource.allocationRole === undefined ? '' : `(allocated: ${resource.allocationRole})`) +
    printReservations(resource.reservations) +
    (resource.disk === undefined ? '' : `[${printDisk(resource.disk)}]`) +
    (resource.revocable === true ? '{REV}' : '') +
    (resource.shared === true ? '<SHARED>' : '') +
    `:${printValue(resource.value)}`
  );
}

function printCounted(resource: Resource): string {
  return printResource(resource) + (resource.shared === true ? `<${resource.copies ?? 1}>` : '');
}

function printReservations(stack: readonly Reservation[]): string {
  return stack.length === 0
    ? ''
    : `(reservations: [${stack.map((entry) => `(${printReservation(entry)})`).join(',')}])`;
}

function printReservation({ type, role, principal, labels }: Reservation): string {
  const parts: string[] = [type, role];
  if (principal !== undefined) parts.push(principal);
  if (labels !== undefined) parts.push(printLabels(labels));
  return parts.join(',');
}

/** Labels in Mesos' printed form: `{k: v, flag}`. */
export function printLabels(labels: readonly Label[]): string {
  return `{${labels.map(({ key, value }) => (value === undefined ? key : `${key}: ${value}`)).join(', ')}}`;
}

function printDisk({ source, persistence, volume }: DiskInfo): string {
  const parts: string[] = [];
  if (source !== undefined) parts.push(printSource(source));
  if (persistence !== undefined) parts.push(persistence.id);
  return parts.join(',') + (volume === undefined ? '' : `:${printVolume(volume)}`);
}

function printSource({ type, root, id, profile, vendor }: DiskSource): string {
  if (id !== undefined || profile !== undefined) return `${type}(${vendor ?? ''},${id ?? ''},${profile ?? ''})`;
  return root === undefined ? type : `${type}:${root}`;
}

function printVolume({ container_path, host_path, mode }: NonNullable<DiskInfo['volume']>): string {
  return host_path === undefined ? container_path : `${host_path}:${container_path}:${mode.toLowerCase()}`;
}

/** Unlike canonical text, set items stay in their order. */
function printValue(value: ResourceValue): string {
  if (value.kind === 'scalar') return formatMilli(value.milli);
  return value.kind === 'ranges' ? formatRanges(value.ranges) : `{${value.items.join(', ')}}`;
}
