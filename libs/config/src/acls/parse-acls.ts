import { nearest } from '../nearest.js';
import {
  ACL_ACTION_NAMES,
  ACL_ACTIONS,
  type AclAction,
  type AclActionName,
  AUTHORIZABLE_PATHS,
} from './acl-actions.js';

/** Whom or what an entry is about. Values count for SOME alone. */
export interface AclEntity {
  readonly type: 'SOME' | 'ANY' | 'NONE';
  readonly values: readonly string[];
}

/** One entry of an action's list. */
export interface AclEntry {
  readonly principals: AclEntity;
  readonly objects: AclEntity;
}

/** What is permitted. */
export interface Acls {
  /** What holds where no entry matches. */
  readonly permissive: boolean;
  /** Each action's entries, in order; absent: there are none. */
  readonly entries: Readonly<Partial<Record<AclActionName, readonly AclEntry[]>>>;
}

export type ParsedAcls =
  | { readonly ok: true; readonly acls: Acls | undefined }
  /** Every mistake with its place and value. */
  | { readonly ok: false; readonly mistakes: readonly string[] };

/**
 * Reads ACLs in the form of Mesos' `--acls`. A key that Mesos does not know is a mistake too: what it was to forbid would be open.
 *
 * @param text empty: there are none, everything is permitted
 * @source formats §8.2
 */
export function parseAcls(text: string): ParsedAcls {
  if (text.trim() === '') return { ok: true, acls: undefined };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return { ok: false, mistakes: [`is no JSON: ${(cause as Error).message}`] };
  }
  const mistakes: string[] = [];
  const acls = readAcls(json, (path, problem) => mistakes.push(path === '' ? problem : `${path} ${problem}`));
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, acls };
}

type Report = (path: string, problem: string) => void;

function readAcls(json: unknown, report: Report): Acls {
  const { permissive = true, ...lists } = membersOf(json, '', report);
  if (typeof permissive !== 'boolean') report('permissive', `is ${shown(permissive)}, it must be true or false`);
  const entries: Partial<Record<AclActionName, AclEntry[]>> = {};
  for (const [name, list] of Object.entries(lists)) {
    if (!isAction(name)) report(name, `is no action${suggestion(name, [...ACL_ACTION_NAMES, 'permissive'])}`);
    else if (!Array.isArray(list)) report(name, `is ${shown(list)}, it must be a list of entries`);
    else
      entries[name] = list.map((entry: unknown, at) => readEntry(entry, ACL_ACTIONS[name], `${name}[${at}]`, report));
  }
  return { permissive: permissive === true, entries };
}

const isAction = (name: string): name is AclActionName => Object.hasOwn(ACL_ACTIONS, name);

function readEntry(json: unknown, action: AclAction, path: string, report: Report): AclEntry {
  const { principals, [action.objects]: objects, ...others } = membersOf(json, path, report);
  for (const name of Object.keys(others)) {
    report(`${path}.${name}`, `is no member, those are principals and ${action.objects}`);
  }
  const entry = {
    principals: readEntity(principals, `${path}.principals`, report),
    objects: readEntity(objects, `${path}.${action.objects}`, report),
  };
  if (objects !== undefined) checkObjects(entry.objects, action, `${path}.${action.objects}`, report);
  return entry;
}

/** What Mesos does not start with. */
function checkObjects({ type, values }: AclEntity, { kind, message }: AclAction, path: string, report: Report): void {
  if (type !== 'SOME') return;
  if (kind === 'whole') report(`${path}:`, `${message} type must be either NONE or ANY`);
  if (kind !== 'paths') return;
  for (const value of values.filter((one) => !AUTHORIZABLE_PATHS.includes(one))) {
    report(`${path}:`, `Path: '${value}' is not an authorizable path`);
  }
}

function readEntity(json: unknown, path: string, report: Report): AclEntity {
  if (json === undefined) {
    report(path, 'is missing');
    return { type: 'NONE', values: [] };
  }
  const { type = 'SOME', values = [], ...others } = membersOf(json, path, report);
  for (const name of Object.keys(others)) report(`${path}.${name}`, 'is no member, those are type and values');
  if (type !== 'SOME' && type !== 'ANY' && type !== 'NONE') {
    report(`${path}.type`, `is ${shown(type)}, it must be SOME, ANY or NONE`);
  }
  const isTexts = Array.isArray(values) && values.every((value) => typeof value === 'string');
  if (!isTexts) report(`${path}.values`, `is ${shown(values)}, it must be a list of texts`);
  return { type: type as AclEntity['type'], values: isTexts ? values : [] };
}

/** Members that are null count as absent, as in all of Mesos' JSON. */
function membersOf(json: unknown, path: string, report: Report): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
  }
  report(path, `is ${shown(json)}, it must be an object`);
  return {};
}

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

function suggestion(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  return near === undefined ? '' : `; did you mean ${near}?`;
}
