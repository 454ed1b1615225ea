import { type DiskInfo, type DiskSource, type Label, type Reservation, type Resource } from '../resource.js';
import { fromMilli } from '../values/milli.js';
import type { DiskInfoJson, DiskSourceJson, LabelsJson, ReservationJson, ResourceJson } from './resource-json.js';

/**
 * How reservations are shown.
 * - `post-refinement`: `reservations` only; to clients that know refined reservations, and inside the system
 * - `pre-refinement`: `role` and `reservation`; to those that do not. A refined reservation has no such form.
 * - `endpoint`: both, in the read-only HTTP endpoints
 */
export type ResourceFormat = 'post-refinement' | 'pre-refinement' | 'endpoint';

/** The v1 document of a resource, members in the order in which the message declares them. */
export function writeResource(resource: Resource, format: ResourceFormat): ResourceJson {
  const { providerId, allocationRole, disk } = resource;
  return {
    ...(providerId !== undefined && { provider_id: { value: providerId } }),
    name: resource.name,
    ...writeValue(resource),
    ...(format !== 'post-refinement' && writeOldForm(resource.reservations)),
    ...(allocationRole !== undefined && { allocation_info: { role: allocationRole } }),
    ...(format !== 'post-refinement' && writeOldReservation(resource.reservations)),
    ...(format !== 'pre-refinement' &&
      resource.reservations.length > 0 && { reservations: resource.reservations.map(writeReservation) }),
    ...(disk && { disk: writeDisk(disk) }),
    ...(resource.revocable === true && { revocable: {} }),
    ...(resource.shared === true && { shared: {} }),
  };
}

function writeValue({ value }: Resource): Pick<ResourceJson, 'type' | 'scalar' | 'ranges' | 'set'> {
  if (value.kind === 'scalar') return { type: 'SCALAR', scalar: { value: fromMilli(value.milli) } };
  if (value.kind === 'set') return { type: 'SET', set: { item: [...value.items] } };
  return { type: 'RANGES', ranges: { range: value.ranges.map(({ begin, end }) => ({ begin, end })) } };
}

function writeOldForm(stack: readonly Reservation[]): { role?: string } {
  if (stack.length > 1) return {};
  return { role: stack[0]?.role ?? '*' };
}

function writeOldReservation(stack: readonly Reservation[]): { reservation?: ReservationJson } {
  const [entry] = stack;
  if (stack.length !== 1 || entry?.type !== 'DYNAMIC') return {};
  return { reservation: writeReserver(entry) };
}

function writeReservation(entry: Reservation): ReservationJson {
  return { type: entry.type, role: entry.role, ...writeReserver(entry) };
}

function writeReserver({ principal, labels }: Reservation): ReservationJson {
  return { ...(principal !== undefined && { principal }), ...(labels && { labels: writeLabels(labels) }) };
}

function writeDisk({ source, persistence, volume }: DiskInfo): DiskInfoJson {
  return {
    ...(persistence && { persistence: { ...persistence } }),
    ...(volume && { volume: { ...volume } }),
    ...(source && { source: writeSource(source) }),
  };
}

function writeSource({ type, root, id, profile, vendor, metadata }: DiskSource): DiskSourceJson {
  return {
    type,
    ...(root !== undefined && (type === 'PATH' ? { path: { root } } : { mount: { root } })),
    ...(vendor !== undefined && { vendor }),
    ...(id !== undefined && { id }),
    ...(metadata && { metadata: writeLabels(metadata) }),
    ...(profile !== undefined && { profile }),
  };
}

function writeLabels(labels: readonly Label[]): LabelsJson {
  return labels.length === 0 ? {} : { labels: labels.map((label) => ({ ...label })) };
}
