import { type Resource, reservationRole } from '../resource.js';
import { compareBytes } from '../values/byte-order.js';
import { formatValue } from '../values/resource-value.js';

/** Objects sorted by the part before the value in byte order; equal ones stay in their order. */
export function canonicalOrder<R extends Resource>(resources: Iterable<R>): R[] {
  return Array.from(resources, (resource) => ({ resource, label: resourceLabel(resource) }))
    .toSorted((a, b) => compareBytes(a.label, b.label))
    .map(({ resource }) => resource);
}

/**
 * Canonical text: `cpus:1.5; disk(r)[v1]<SHARED*2>:5; ports:[1-4]`; the empty string for nothing.
 *
 * The role shown is the reservation role, whether static or dynamic.
 */
export function canonicalText(resources: Iterable<Resource>): string {
  return canonicalOrder(resources)
    .map((resource) => `${resourceLabel(resource)}:${formatValue(resource.value)}`)
    .join('; ');
}

/** The part of canonical text before the value: name, role, disk, revocable, shared with its copies. */
export function resourceLabel(resource: Resource): string {
  const role = reservationRole(resource);
  const copies = resource.copies ?? 1;
  return (
    resource.name +
    (role === undefined ? '' : `(${role})`) +
    diskLabel(resource) +
    (resource.revocable === true ? '{REV}' : '') +
    (resource.shared === true ? `<SHARED${copies > 1 ? `*${copies}` : ''}>` : '')
  );
}

function diskLabel({ disk }: Resource): string {
  const parts: string[] = [];
  const source = disk?.source;
  if (source !== undefined) parts.push(source.root === undefined ? source.type : `${source.type}:${source.root}`);
  if (disk?.persistence !== undefined) parts.push(disk.persistence.id);
  return parts.length === 0 ? '' : `[${parts.join(',')}]`;
}
