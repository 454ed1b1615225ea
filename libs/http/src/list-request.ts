import type { Page } from '@tranche/contracts';
import { type Fault, malformed } from './problem.js';
import type { QueryParameters } from './openapi/operation.js';
import { flagFault } from './query-flags.js';
import { ProblemError } from './problem.errors.js';

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

/** A place in a list. */
export type Place = Omit<Placed<unknown>, 'entry'>;

/**
 * A request for one page of a `/v1` list: `?limit=100&after=CURSOR` and filters.
 *
 * A cursor holds the place of the last item that was given, not its number, so that the next page is right when entries have come and gone.
 */
export class ListRequest<F extends QueryParameters> {
  /** Items at most. */
  readonly limit: number;
  /** The page is what comes behind it; undefined: the first one. */
  readonly after: Place | undefined;

  /** @throws ProblemError 400 naming every fault */
  constructor(
    private readonly query: ListQuery,
    filters: F,
  ) {
    const { limit, after } = query;
    this.after = after === undefined ? undefined : placeOf(after);
    this.limit = limit === undefined ? DEFAULT_LIMIT : Number(limit);
    const faults = filterFaults(query, filters);
    if (limit !== undefined && !isLimit(limit)) {
      faults.push({ path: 'limit', message: `must be an integer from 1 to ${MAX_LIMIT}`, value: limit });
    }
    if (after !== undefined && this.after === undefined) {
      faults.push({ path: 'after', message: 'is no cursor that a list has given', value: after });
    }
    if (faults.length > 0) throw new ProblemError(malformed(faults));
  }

  /** Whether an entry passes a filter: there is none, or one of the entry's values is among those that are asked for. */
  passes(filter: keyof F & string, ...values: readonly string[]): boolean {
    const wanted = this.wanted(filter);
    return wanted === undefined || values.some((value) => wanted.includes(value));
  }

  /** What a filter lets pass; undefined: everything. */
  wanted(filter: keyof F & string): readonly string[] | undefined {
    const wanted = this.query[filter];
    return wanted === undefined ? undefined : valuesOf(wanted);
  }

  /** @param asOf number of the newest change in the list */
  page<T, V>(entries: Iterable<Placed<T>>, asOf: number, view: (entry: T) => V): Page<V> {
    const { limit } = this;
    const first = this.first(entries);
    const page = first.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(({ entry }) => view(entry)),
      ...(first.length > limit && last !== undefined ? { next: cursorOf(last) } : {}),
      asOf,
    };
  }

  /** The page and one more, in order: of a hundred thousand entries no more than that is ever kept or sorted. */
  private first<T>(entries: Iterable<Placed<T>>): Placed<T>[] {
    const { after, limit } = this;
    const first: Placed<T>[] = [];
    for (const entry of entries) {
      if (after !== undefined && compare(entry, after) <= 0) continue;
      const last = first[limit];
      if (last !== undefined && compare(entry, last) >= 0) continue;
      first.splice(placeFor(entry, first), 0, entry);
      if (first.length > limit + 1) first.pop();
    }
    return first;
  }
}

/** Where an entry belongs among those that are in order. */
function placeFor(entry: Place, ordered: readonly Place[]): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(ordered[middle] as Place, entry) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * One page of a list from pages of its parts, each of which was asked for with the same query.
 *
 * @param placeOfItem where an item is in the list, as whoever listed it has placed it
 * @param limit of the query; absent: the default
 */
export function mergePages<V>(
  pages: readonly Page<V>[],
  placeOfItem: (item: V) => Place,
  limit: string | undefined,
): Page<V> {
  const placed = pages.flatMap(({ items }) => items).map((item) => ({ item, place: placeOfItem(item) }));
  const sorted = placed.toSorted((a, b) => compare(a.place, b.place));
  const page = sorted.slice(0, limit === undefined ? DEFAULT_LIMIT : Number(limit));
  const last = page.at(-1);
  const hasMore = sorted.length > page.length || pages.some(({ next }) => next !== undefined);
  return {
    items: page.map(({ item }) => item),
    ...(hasMore && last !== undefined ? { next: cursorOf(last.place) } : {}),
    asOf: pages.reduce((sum, { asOf }) => sum + asOf, 0),
  };
}

const valuesOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

const isLimit = (text: string | readonly string[]): boolean =>
  typeof text === 'string' && /^[1-9]\d*$/.test(text) && Number(text) <= MAX_LIMIT;

function filterFaults(query: ListQuery, filters: QueryParameters): Fault[] {
  const names = ['limit', 'after', ...Object.keys(filters)];
  const unknown = Object.entries(query)
    .filter(([path]) => !names.includes(path))
    .map(([path, value]) => ({ path, message: `is no parameter; known are ${names.join(', ')}`, value }));
  const wrong = Object.entries(filters).flatMap(([path, { known, isFlag }]) =>
    isFlag
      ? [flagFault(path, query[path]) ?? []].flat()
      : valuesOf(query[path] ?? [])
          .filter((value) => known !== undefined && !known.includes(value))
          .map((value) => ({ path, message: `must be one of ${known?.join(', ')}`, value })),
  );
  return [...unknown, ...wrong];
}

const compare = (a: Place, b: Place): number => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const cursorOf = ({ rank, key }: Place): string => Buffer.from(JSON.stringify([rank, key])).toString('base64url');

/** @returns undefined for what `cursorOf` did not write */
function placeOf(cursor: string | readonly string[]): Place | undefined {
  try {
    const [rank, key] = JSON.parse(Buffer.from(String(cursor), 'base64url').toString()) as [unknown, unknown];
    return typeof rank === 'number' && typeof key === 'string' ? { rank, key } : undefined;
  } catch {
    return undefined;
  }
}
