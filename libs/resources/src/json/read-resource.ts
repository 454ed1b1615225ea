import type { DiskInfo, Label, Reservation, Resource } from '../resource.js';
import { toMilli } from '../values/milli.js';
import { normalizeRanges } from '../values/ranges.js';
import type { ResourceValue } from '../values/resource-value.js';
import type { DiskInfoJson, LabelsJson, ReservationJson, ResourceJson } from './resource-json.js';

/**
 * Resource object of a document that `resourceError` finds nothing wrong with. The older form (`role`, `reservation`)
 * is converted to the reservation stack.
 */
export function readResource(json: ResourceJson): Resource {
  const disk = json.disk === undefined ? undefined : readDisk(json.disk);
  return {
    name: json.name,
    value: readValue(json),
    reservations: readStack(json),
    ...(disk && { disk }),
    ...(json.revocable !== undefined && { revocable: true }),
    ...(json.shared !== undefined && { shared: true }),
    ...(json.provider_id !== undefined && { providerId: json.provider_id.value }),
    ...(json.allocation_info?.role !== undefined && { allocationRole: json.allocation_info.role }),
  };
}

/** The value of a valid document; also read while printing an invalid one, so nothing is assumed to be there. */
export function readValue(json: ResourceJson): ResourceValue {
  if (json.type === 'RANGES') {
    const ranges = (json.ranges?.range ?? []).map(({ begin, end }) => ({ begin: Number(begin), end: Number(end) }));
    return { kind: 'ranges', ranges: normalizeRanges(ranges) };
  }
  if (json.type === 'SET') return { kind: 'set', items: json.set?.item ?? [] };
  return { kind: 'scalar', milli: toMilli(Number(json.scalar?.value ?? 0)) };
}

function readStack(json: ResourceJson): readonly Reservation[] {
  if (json.reservations !== undefined && json.reservations.length > 0) return json.reservations.map(readReservation);
  const role = json.role ?? '*';
  if (role === '*') return [];
  if (json.reservation === undefined) return [{ type: 'STATIC', role }];
  return [{ ...readReservation(json.reservation), type: 'DYNAMIC', role }];
}

export function readReservation({ type, role, principal, labels }: ReservationJson): Reservation {
  return {
    type: type === 'STATIC' ? 'STATIC' : 'DYNAMIC',
    role: role ?? '',
    ...(principal !== undefined && { principal }),
    ...(labels !== undefined && { labels: readLabels(labels) }),
  };
}

export function readLabels(labels: LabelsJson): readonly Label[] {
  return labels.labels ?? [];
}

export function readDisk({ persistence, volume, source }: DiskInfoJson): DiskInfo {
  return {
    ...(source && { source: readSource(source) }),
    ...(persistence && { persistence }),
    ...(volume && { volume }),
  };
}

function readSource(source: NonNullable<DiskInfoJson['source']>): NonNullable<DiskInfo['source']> {
  const { type, id, profile, vendor, metadata } = source;
  const root = type === 'PATH' ? source.path?.root : source.mount?.root;
  return {
    type: type as 'PATH',
    ...(root !== undefined && { root }),
    ...(id !== undefined && { id }),
    ...(profile !== undefined && { profile }),
    ...(vendor !== undefined && { vendor }),
    ...(metadata !== undefined && { metadata: readLabels(metadata) }),
  };
}
