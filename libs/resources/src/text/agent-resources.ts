import { kindConflict } from '../kinds.js';
import { asResourceJson } from '../json/check-shape.js';
import { readResource } from '../json/read-resource.js';
import type { ResourceJson } from '../json/resource-json.js';
import { resourceError } from '../json/validate-resources.js';
import { isDynamicallyReserved, isPersistentVolume, type Resource } from '../resource.js';
import { ResourceError } from '../resource.errors.js';
import { roleError } from '../reservations/role.js';
import type { ParseOptions } from './parse-resources.js';
import { parseValue, type ValueFault } from './value-text.js';

/** What Mesos says where its words differ from ours. */
const MESOS_WORDS: Partial<Record<ValueFault, string>> = {
  'rounds to zero': 'Invalid scalar resource: value <= 0',
  'inverted range': 'Invalid ranges resource: begin > end',
  'repeated set item': 'Invalid set resource: duplicated elements',
};
const MESOS_PARSE_ERRORS: Partial<Record<ValueFault, string>> = {
  'odd number of range ends': 'Expecting one or more "ranges"',
  'unbalanced brackets': 'Mismatched brackets',
};

/**
 * Resources as an agent is given them (`--resources`): a JSON array of `Resource`, or `name(role):value;…` without
 * suffixes. Entries that name no role take the default role.
 *
 * @returns one object an entry, zeros included, equal ones not yet merged
 * @throws ResourceError `resources/bad-text`, `resources/bad-json` or `resources/invalid`, with Mesos' texts
 * @source Mesos refuses persistent volumes, revocable resources, dynamic reservations and one name with two types here
 */
export function parseAgentResources(text: string, options: ParseOptions = {}): Resource[] {
  const defaultRole = options.defaultRole ?? '*';
  const resources = text.trimStart().startsWith('[') ? parseJson(text, defaultRole) : parseSimple(text, defaultRole);
  for (const resource of resources) {
    const error = commandLineError(resource);
    if (error !== undefined) throw invalid(error);
  }
  const name = kindConflict(resources);
  if (name !== undefined) {
    throw invalid(`Resources with the same name ('${name}') but different types are not allowed`);
  }
  return resources;
}

function commandLineError(resource: Resource): string | undefined {
  if (isPersistentVolume(resource)) return 'Persistent volumes cannot be specified at the command line';
  if (resource.revocable === true) {
    return "Revocable resources cannot be specified at the command line; do not include a 'revocable' key in the resources JSON";
  }
  if (isDynamicallyReserved(resource)) {
    return 'Dynamic reservations cannot be specified at the command line; do not include a reservation with DYNAMIC type in the resources JSON';
  }
  return undefined;
}

function parseJson(text: string, defaultRole: string): Resource[] {
  return parseJsonArray(text).map((entry) => {
    const json = withDefaultRole(asResourceJson(entry), defaultRole);
    const error = resourceError(json);
    if (error !== undefined) throw invalid(error);
    return readResource(json);
  });
}

/**
 * Elements of a JSON array.
 *
 * @throws ResourceError `resources/bad-json`
 */
export function parseJsonArray(text: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ResourceError('resources/bad-json', `Some JSON resources were not formatted properly: ${reason}`, {
      cause,
    });
  }
  // The text starts with `[`, so what it holds is an array.
  return value as unknown[];
}

function withDefaultRole(json: ResourceJson, role: string): ResourceJson {
  const namesNone = json.role === undefined && (json.reservations ?? []).length === 0;
  return namesNone ? { ...json, role } : json;
}

function parseSimple(text: string, defaultRole: string): Resource[] {
  return text
    .split(';')
    .filter((token) => token.trim() !== '')
    .map((token) => parseToken(token, defaultRole));
}

function parseToken(token: string, defaultRole: string): Resource {
  const [left, value, ...more] = token.split(':');
  if (left === undefined || value === undefined || more.length > 0) {
    throw badText(`Bad value for resources, missing or extra ':' in ${token}`);
  }
  const { name, role } = parseName(token, left);
  if (name === '') throw invalid('Empty resource name');
  const effective = role ?? defaultRole;
  const error = roleError(effective);
  if (error !== undefined) throw invalid(error);
  return {
    name,
    value: parseValue(value, (fault) => valueError(name, value, fault)),
    reservations: effective === '*' ? [] : [{ type: 'STATIC', role: effective }],
  };
}

function parseName(token: string, left: string): { name: string; role?: string } {
  if (/[[\]{}<>]/.test(left)) throw badText(`Bad value for resources, only a role may follow the name in ${token}`);
  const match = /^([^()]*)(?:\(([^()]*)\)\s*)?$/.exec(left);
  if (match === null) throw badText(`Bad value for resources, mismatched parentheses in ${token}`);
  return { name: (match[1] as string).trim(), role: match[2]?.trim() };
}

function valueError(name: string, value: string, fault: ValueFault): ResourceError {
  if (fault === 'not a number, ranges or a set') {
    return badText(`Bad type for resource ${name} value ${value} type TEXT`);
  }
  const words = MESOS_WORDS[fault];
  if (words !== undefined) return invalid(words);
  return badText(`Failed to parse resource ${name} value ${value} error ${MESOS_PARSE_ERRORS[fault] ?? fault}`);
}

function badText(message: string): ResourceError {
  return new ResourceError('resources/bad-text', message);
}

function invalid(message: string): ResourceError {
  return new ResourceError('resources/invalid', message);
}
