import type { DiskInfo, DiskSource, Reservation, Resource } from '../resource.js';
import { ResourceError } from '../resource.errors.js';
import { roleError } from '../reservations/role.js';
import { parseValue } from './value-text.js';

/** What may stand before the value: name, (role), [disk], {REV}, <SHARED>, in this order. */
const PREFIX =
  /^(?<name>[^()[\]{}<>]*)(?:\((?<role>[^()]*)\))?\s*(?:\[(?<disk>[^[\]]*)\])?\s*(?<revocable>\{REV\})?\s*(?:<SHARED(?:\*(?<copies>[1-9]\d{0,8}))?>)?\s*$/;
const SHARED_SUFFIX = /<SHARED(?:\*\d+)?>\s*$/;
const SOURCE = /^(PATH|MOUNT|BLOCK|RAW)(?::(.*))?$/s;
const BAD_PERSISTENCE_ID = /[/\\]|\p{Cc}/u;

/** How a text of resources is read. */
export interface ParseOptions {
  /** Role of entries that name none; default `*`, which is unreserved. */
  readonly defaultRole?: string;
}

/**
 * Resources from text: `name[(role)][[disk]][{REV}][<SHARED>]:value`, joined by `;`.
 *
 * @returns one object an entry, zeros included, equal ones not yet merged
 * @throws ResourceError `resources/bad-text`, naming the entry
 */
export function parseResourceText(text: string, options: ParseOptions = {}): Resource[] {
  return text
    .split(';')
    .filter((entry) => entry.trim() !== '')
    .map((entry) => parseEntry(entry.trim(), options.defaultRole ?? '*'));
}

function parseEntry(entry: string, defaultRole: string): Resource {
  const colon = soleColon(entry);
  const prefix = entry.slice(0, colon);
  const groups = PREFIX.exec(prefix)?.groups;
  if (groups === undefined) throw refuse(entry, 'expected name(role)[disk]{REV}<SHARED>:value');
  const name = (groups['name'] as string).trim();
  if (name === '') throw refuse(entry, 'empty resource name');
  const disk = groups['disk'] === undefined ? undefined : parseDisk(name, groups['disk']);
  const shared = SHARED_SUFFIX.test(prefix);
  if (shared && disk?.persistence === undefined) throw refuse(name, 'only persistent volumes can be shared');
  return {
    name,
    value: parseValue(entry.slice(colon + 1), (fault, value) => refuse(name, `${fault}: ${value}`)),
    reservations: staticReservation(name, groups['role']?.trim() ?? defaultRole),
    ...(disk && { disk }),
    ...(groups['revocable'] !== undefined && { revocable: true }),
    ...(shared && { shared: true, copies: Number(groups['copies'] ?? 1) }),
  };
}

/** Position of the only `:` outside brackets. */
function soleColon(entry: string): number {
  let depth = 0;
  let found = -1;
  for (let i = 0; i < entry.length; i++) {
    const char = entry[i];
    if (char === '[') depth++;
    else if (char === ']') depth--;
    else if (char === ':' && depth <= 0) {
      if (found >= 0) throw refuse(entry, "more than one ':'");
      found = i;
    }
  }
  if (found < 0) throw refuse(entry, "missing ':' between name and value");
  return found;
}

function staticReservation(name: string, role: string): readonly Reservation[] {
  if (role === '*') return [];
  const error = roleError(role);
  if (error !== undefined) throw refuse(name, error);
  return [{ type: 'STATIC', role }];
}

/** `MOUNT:/root`, `PATH:/root`, `RAW`, `BLOCK` and/or a persistence id, separated by a comma. */
function parseDisk(name: string, text: string): DiskInfo {
  if (name !== 'disk') throw refuse(name, 'only disk has disk info');
  const parts = text.split(',').map((part) => part.trim());
  const source = parseSource(parts[0] as string);
  const rest = source === undefined ? parts : parts.slice(1);
  if (rest.length === 0 && source !== undefined) return { source };
  const [id] = rest;
  if (rest.length !== 1 || id === undefined || !isPersistenceId(id)) throw refuse(name, `bad disk info: [${text}]`);
  return source === undefined ? { persistence: { id } } : { source, persistence: { id } };
}

function parseSource(text: string): DiskSource | undefined {
  const match = SOURCE.exec(text);
  if (match === null) return undefined;
  const type = match[1] as DiskSource['type'];
  const root = match[2];
  if (root === undefined) return { type };
  if (root === '' || type === 'RAW' || type === 'BLOCK') throw refuse('disk', `bad disk source: ${text}`);
  return { type, root };
}

function isPersistenceId(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && id.length <= 255 && !BAD_PERSISTENCE_ID.test(id);
}

function refuse(subject: string, reason: string): ResourceError {
  return new ResourceError('resources/bad-text', `${subject}: ${reason}`);
}
