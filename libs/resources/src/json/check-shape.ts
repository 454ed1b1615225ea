import { ResourceError } from '../resource.errors.js';
import type {
  DiskInfoJson,
  DiskSourceJson,
  LabelsJson,
  RangeJson,
  ReservationJson,
  ResourceJson,
} from './resource-json.js';

type Document = Readonly<Record<string, unknown>>;
type Reader<T> = (value: unknown, path: string) => T;

/**
 * A value of unknown shape as a resource document: members of the wrong type are refused, unknown ones left out, and
 * `null` counts as absent. Whether the document makes sense is the business of `validateResources`.
 *
 * @throws ResourceError `resources/bad-json`, naming the member
 */
export function asResourceJson(value: unknown): ResourceJson {
  const json = object(value, 'resource');
  const type = member(json, 'type', oneOf('SCALAR', 'RANGES', 'SET', 'TEXT'), '');
  const name = member(json, 'name', string, '');
  if (name === undefined) throw refuse('name', 'a string');
  if (type === undefined) throw refuse('type', 'SCALAR, RANGES or SET');
  return compact({
    provider_id: member(json, 'provider_id', readProviderId, ''),
    name,
    type,
    scalar: member(json, 'scalar', readScalar, ''),
    ranges: member(json, 'ranges', readRanges, ''),
    set: member(json, 'set', readSet, ''),
    role: member(json, 'role', string, ''),
    allocation_info: member(json, 'allocation_info', readAllocation, ''),
    reservation: member(json, 'reservation', readReservation, ''),
    reservations: member(json, 'reservations', listOf(readReservation), ''),
    disk: member(json, 'disk', readDisk, ''),
    revocable: member(json, 'revocable', readMarker, ''),
    shared: member(json, 'shared', readMarker, ''),
  });
}

const readProviderId: Reader<{ value: string }> = (value, path) => {
  return { value: required(object(value, path), 'value', string, path) };
};

const readScalar: Reader<{ value: number }> = (value, path) => {
  return { value: required(object(value, path), 'value', number, path) };
};

const readRanges: Reader<{ range: RangeJson[] }> = (value, path) => {
  return { range: member(object(value, path), 'range', listOf(readRange), path) ?? [] };
};

const readRange: Reader<RangeJson> = (value, path) => {
  const json = object(value, path);
  return { begin: required(json, 'begin', wholeNumber, path), end: required(json, 'end', wholeNumber, path) };
};

const readSet: Reader<{ item: string[] }> = (value, path) => {
  return { item: member(object(value, path), 'item', listOf(string), path) ?? [] };
};

const readAllocation: Reader<{ role?: string }> = (value, path) => {
  return compact({ role: member(object(value, path), 'role', string, path) });
};

const readReservation: Reader<ReservationJson> = (value, path) => {
  const json = object(value, path);
  return compact({
    type: member(json, 'type', oneOf('STATIC', 'DYNAMIC'), path),
    role: member(json, 'role', string, path),
    principal: member(json, 'principal', string, path),
    labels: member(json, 'labels', readLabels, path),
  });
};

const readLabels: Reader<LabelsJson> = (value, path) => {
  return compact({ labels: member(object(value, path), 'labels', listOf(readLabel), path) });
};

const readLabel: Reader<{ key: string; value?: string }> = (value, path) => {
  const json = object(value, path);
  return compact({ key: required(json, 'key', string, path), value: member(json, 'value', string, path) });
};

const readDisk: Reader<DiskInfoJson> = (value, path) => {
  const json = object(value, path);
  return compact({
    persistence: member(json, 'persistence', readPersistence, path),
    volume: member(json, 'volume', readVolume, path),
    source: member(json, 'source', readSource, path),
  });
};

const readPersistence: Reader<{ id: string; principal?: string }> = (value, path) => {
  const json = object(value, path);
  return compact({ id: required(json, 'id', string, path), principal: member(json, 'principal', string, path) });
};

const readVolume: Reader<NonNullable<DiskInfoJson['volume']>> = (value, path) => {
  const json = object(value, path);
  required(json, 'container_path', string, path);
  required(json, 'mode', oneOf('RW', 'RO'), path);
  member(json, 'host_path', string, path);
  // Members that only the agent understands (image, source) pass through.
  return json as unknown as NonNullable<DiskInfoJson['volume']>;
};

const readSource: Reader<DiskSourceJson> = (value, path) => {
  const json = object(value, path);
  return compact({
    type: required(json, 'type', oneOf('UNKNOWN', 'PATH', 'MOUNT', 'BLOCK', 'RAW'), path),
    path: member(json, 'path', readRoot, path),
    mount: member(json, 'mount', readRoot, path),
    vendor: member(json, 'vendor', string, path),
    id: member(json, 'id', string, path),
    metadata: member(json, 'metadata', readLabels, path),
    profile: member(json, 'profile', string, path),
  });
};

const readRoot: Reader<{ root?: string }> = (value, path) => {
  return compact({ root: member(object(value, path), 'root', string, path) });
};

const readMarker: Reader<object> = (value, path) => {
  object(value, path);
  return {};
};

function member<T>(json: Document, key: string, read: Reader<T>, path: string): T | undefined {
  const value = Object.hasOwn(json, key) ? json[key] : undefined;
  return value === undefined || value === null ? undefined : read(value, path === '' ? key : `${path}.${key}`);
}

function required<T>(json: Document, key: string, read: Reader<T>, path: string): T {
  const value = member(json, key, read, path);
  if (value === undefined) throw new ResourceError('resources/bad-json', `${path}.${key}: missing`);
  return value;
}

function listOf<T>(read: Reader<T>): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw refuse(path, 'a list');
    return value.map((element, i) => read(element, `${path}[${i}]`));
  };
}

function oneOf<T extends string>(...names: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = names.find((name) => name === value);
    if (found === undefined) throw refuse(path, `one of ${names.join(', ')}`);
    return found;
  };
}

function object(value: unknown, path: string): Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(path, 'an object');
  return value as Document;
}

function string(value: unknown, path: string): string {
  if (typeof value !== 'string') throw refuse(path, 'a string');
  return value;
}

function number(value: unknown, path: string): number {
  if (typeof value !== 'number') throw refuse(path, 'a number');
  return value;
}

function wholeNumber(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw refuse(path, 'a whole number ≥ 0');
  return value;
}

/** Without the members that are undefined. */
function compact<T extends object>(json: T): T {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined)) as T;
}

function refuse(path: string, expected: string): ResourceError {
  return new ResourceError('resources/bad-json', `${path}: expected ${expected}`);
}
