import { printResource } from '../text/printed-text.js';
import { MAX_MILLI, toMilli } from '../values/milli.js';
import { readDisk, readReservation, readValue } from './read-resource.js';
import { reservationError } from './validate-reservations.js';
import type { RangeJson, ResourceJson } from './resource-json.js';

/**
 * What is wrong with the first invalid resource of a list, wrapped in the words that Mesos sends to clients.
 *
 * @returns undefined when all are valid
 */
export function validateResources(list: readonly ResourceJson[]): string | undefined {
  for (const json of list) {
    const error = resourceError(json);
    if (error !== undefined) return `Resource '${printDocument(json)}' is invalid: ${error}`;
  }
  return undefined;
}

/** What is wrong with one resource document, in Mesos' words; undefined when it is valid. */
export function resourceError(json: ResourceJson): string | undefined {
  if (json.name === '') return 'Empty resource name';
  return valueError(json) ?? diskError(json) ?? reservationError(json) ?? sharedError(json);
}

function valueError(json: ResourceJson): string | undefined {
  const members = [json.scalar, json.ranges, json.set].filter((member) => member !== undefined).length;
  switch (json.type) {
    case 'SCALAR':
      return json.scalar === undefined || members > 1 ? 'Invalid scalar resource' : scalarError(json.scalar.value);
    case 'RANGES':
      return json.ranges === undefined || members > 1
        ? 'Invalid ranges resource'
        : rangesError(json.ranges.range ?? []);
    case 'SET':
      return json.set === undefined || members > 1 ? 'Invalid set resource' : itemsError(json.set.item ?? []);
    default:
      return 'Unsupported resource type';
  }
}

/** Zero passes; what is not zero must not round to it (A2). Infinities are below zero once made integers, as in Mesos. */
function scalarError(raw: number | string): string | undefined {
  const value = Number(raw);
  if (value === 0) return undefined;
  if (!Number.isFinite(value) || toMilli(value) <= 0) return 'Invalid scalar resource: value <= 0';
  return toMilli(value) > MAX_MILLI ? 'Invalid scalar resource: value too large' : undefined;
}

function rangesError(list: readonly RangeJson[]): string | undefined {
  const ranges = list.map(({ begin, end }) => ({ begin: Number(begin), end: Number(end) }));
  if (ranges.some(({ begin, end }) => begin > end)) return 'Invalid ranges resource: begin > end';
  // 64-bit integers that a double cannot hold would silently become others.
  if (ranges.some(({ begin, end }) => begin < 0 || end > Number.MAX_SAFE_INTEGER)) {
    return 'Invalid ranges resource: bound too large';
  }
  const sorted = ranges.toSorted((a, b) => a.begin - b.begin);
  const overlap = sorted.some((range, i) => i > 0 && range.begin <= (sorted[i - 1]?.end ?? -1));
  return overlap ? 'Invalid ranges resource: overlapping ranges' : undefined;
}

function itemsError(items: readonly string[]): string | undefined {
  return new Set(items).size === items.length ? undefined : 'Invalid set resource: duplicated elements';
}

function diskError({ name, disk }: ResourceJson): string | undefined {
  if (disk === undefined) return undefined;
  if (name !== 'disk') return `DiskInfo should not be set for ${name} resource`;
  const { source } = disk;
  switch (source?.type) {
    case undefined:
    case 'PATH':
    case 'MOUNT':
      return undefined;
    case 'BLOCK':
    case 'RAW':
      if (source.mount !== undefined) return `Mount should not be set for ${source.type} disk source`;
      return source.path === undefined ? undefined : `Path should not be set for ${source.type} disk source`;
    default:
      return "Unsupported 'DiskInfo.Source.Type' in 'UNKNOWN'";
  }
}

function sharedError({ name, shared, disk }: ResourceJson): string | undefined {
  if (shared === undefined) return undefined;
  if (name !== 'disk') return `Resource ${name} cannot be shared`;
  return disk?.persistence === undefined ? 'Only persistent volumes can be shared' : undefined;
}

/** Mesos prints the document as it came, so the older form's role does not show. */
function printDocument(json: ResourceJson): string {
  return printResource({
    name: json.name,
    value: readValue(json),
    reservations: (json.reservations ?? []).map(readReservation),
    ...(json.disk && { disk: readDisk(json.disk) }),
    revocable: json.revocable !== undefined,
    shared: json.shared !== undefined,
    ...(json.allocation_info && { allocationRole: json.allocation_info.role ?? '' }),
  });
}
