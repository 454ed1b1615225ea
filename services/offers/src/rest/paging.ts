import type { Page } from '@tranche/contracts';
import { problem, ProblemError } from '@tranche/http';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** Query of a list: repeated parameters are alternatives. */
export type ListQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An entry of a list and its place in it. */
export interface Placed<T> {
  readonly entry: T;
  /** Entries are listed by rising rank, then by key. */
  readonly rank: number;
  /** Unique in the list. */
  readonly key: string;
}

/**
 * Checks the parameters of a list.
 *
 * @param filters names that this list can be filtered by
 * @throws ProblemError 400 naming every fault
 */
export function checkQuery(query: ListQuery, filters: readonly string[]): void {
  const known = new Set(['limit', 'after', ...filters]);
  const errors = Object.keys(query)
    .filter((name) => !known.has(name))
    .map((name) => ({ path: name, message: `is no parameter; known are ${[...known].join(', ')}` }));
  const { limit } = query;
  const isLimit = typeof limit === 'string' && /^[1-9]\d*$/.test(limit) && Number(limit) <= MAX_LIMIT;
  if (limit !== undefined && !isLimit) {
    errors.push({ path: 'limit', message: `must be an integer from 1 to ${MAX_LIMIT}` });
  }
  if (errors.length === 0) return;
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new ProblemError(problem(400, 'request.malformed', 'Malformed request', detail, { errors }));
}

/** Whether a value passes a filter: there is none, or it is one of its alternatives. */
export function passes(query: ListQuery, name: string, value: string): boolean {
  const wanted = query[name];
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? wanted === value : wanted.includes(value);
}

/**
 * One page of a list.
 *
 * @param asOf number of the newest change in it
 * @throws ProblemError 400 for a cursor that is none
 */
export function pageOf<T, V>(entries: Placed<T>[], query: ListQuery, asOf: number, view: (entry: T) => V): Page<V> {
  const limit = query['limit'] === undefined ? DEFAULT_LIMIT : Number(query['limit']);
  entries.sort(compare);
  const after = query['after'] === undefined ? undefined : readCursor(String(query['after']));
  const start = after === undefined ? 0 : entries.findIndex((entry) => compare(entry, after) > 0);
  const page = start < 0 ? [] : entries.slice(start, start + limit);
  const last = page.at(-1);
  const hasMore = start >= 0 && start + limit < entries.length;
  return {
    items: page.map(({ entry }) => view(entry)),
    ...(hasMore && last !== undefined ? { next: writeCursor(last) } : {}),
    asOf,
  };
}

type Place = Pick<Placed<unknown>, 'rank' | 'key'>;

const compare = (a: Place, b: Place): number => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const writeCursor = ({ rank, key }: Place): string => Buffer.from(JSON.stringify([rank, key])).toString('base64url');

function readCursor(text: string): Place {
  try {
    const [rank, key] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown];
    if (typeof rank === 'number' && typeof key === 'string') return { rank, key };
  } catch {
    // Falls through to the same answer as a cursor of the wrong shape.
  }
  const detail = `after ${JSON.stringify(text)} is no cursor that a list has given`;
  throw new ProblemError(problem(400, 'request.malformed', 'Malformed request', detail));
}
