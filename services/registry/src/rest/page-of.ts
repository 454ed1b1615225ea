import type { Page } from '@tranche/contracts';

export interface PageRequest {
  readonly limit: number;
  /** Key of the last item of the page before. */
  readonly after: string | undefined;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

export interface QueryMistake {
  readonly path: string;
  readonly message: string;
  readonly value: unknown;
}

export type ParsedPage =
  | { readonly ok: true; readonly page: PageRequest }
  | { readonly ok: false; readonly mistakes: readonly QueryMistake[] };

/**
 * Reads `limit` and `after` of a query.
 *
 * @param filters the other names that the list knows
 * @returns every mistake at once
 */
export function parsePage(query: Readonly<Record<string, unknown>>, filters: readonly string[] = []): ParsedPage {
  const { limit, after } = query;
  const known = ['limit', 'after', ...filters];
  const mistakes: QueryMistake[] = Object.entries(query)
    .filter(([path]) => !known.includes(path))
    .map(([path, value]) => ({ path, message: `is no parameter; known are ${known.join(', ')}`, value }));
  const count = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > MAX_LIMIT || limit === '') {
    mistakes.push({ path: 'limit', message: `must be an integer from 1 to ${MAX_LIMIT}`, value: limit });
  }
  if (after !== undefined && typeof after !== 'string') {
    mistakes.push({ path: 'after', message: 'must be given once', value: after });
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, page: { limit: count, after: after as string | undefined } };
}

/**
 * One page of a list in its own order.
 *
 * @returns undefined when the item that the page shall come after is there no more
 */
export function pageOf<E, V>(
  entries: Iterable<E>,
  { limit, after }: PageRequest,
  keyOf: (entry: E) => string,
  view: (entry: E) => V | undefined,
  asOf: number,
): Page<V> | undefined {
  const items: V[] = [];
  let isReached = after === undefined;
  let last = '';
  for (const entry of entries) {
    if (!isReached) {
      isReached = keyOf(entry) === after;
      continue;
    }
    if (items.length === limit) return { items, next: last, asOf };
    const item = view(entry);
    if (item === undefined) continue;
    items.push(item);
    last = keyOf(entry);
  }
  return isReached ? { items, asOf } : undefined;
}
