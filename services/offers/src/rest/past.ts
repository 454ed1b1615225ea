import type { ItemCount, ListRequest, Placed, QueryParameters, SortValue } from '@tranche/http';
import { problem, ProblemError } from '@tranche/http';
import type { HistoryRequest, SortColumn } from '../history/history.port.js';
import { isoTime } from './view-parts.js';

/** After this a database that was restarted is likely back. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Asks the history.
 *
 * @param hint a request that does without
 * @throws ProblemError 503 when the database does not answer: a list without it would look whole
 */
export async function ofHistory<T>(ask: () => Promise<T>, hint: string): Promise<T> {
  try {
    return await ask();
  } catch {
    const detail = 'the database, which has what has ended, does not answer';
    const more = { hints: [hint], retryAfterSeconds: RETRY_AFTER_SECONDS };
    throw new ProblemError(problem(503, 'history.unavailable', 'History unavailable', detail, more));
  }
}

/** The part of a list's request that the history is asked with: a row more than the page has, and what the filters let pass. */
export function pastRequest<F extends QueryParameters, K extends keyof F & string>(
  list: ListRequest<F>,
  filters: readonly K[],
  columns: Readonly<Record<string, SortColumn>>,
): HistoryRequest<K> {
  const entries = filters.map((filter) => [filter, list.wanted(filter)] as const);
  const equal = Object.fromEntries(entries.filter(([, values]) => values !== undefined));
  const { field, isBackwards } = list.order;
  return {
    after: list.after,
    limit: list.limit + 1,
    equal: equal as Partial<Record<K, readonly string[]>>,
    sort: { by: field === undefined ? undefined : columns[field], isBackwards },
  };
}

/** Whether nothing of the history comes behind the cursor: all of it has ended, and what has not is last where lists are by the end. */
export const isBehindHistory = ({ after, order }: Pick<ListRequest<QueryParameters>, 'after' | 'order'>): boolean =>
  after !== undefined && order.field !== undefined && after.value === undefined;

/** What is in the list of memory and history, and how many. */
export interface Together<T> {
  readonly entries: Placed<T>[];
  readonly total?: ItemCount;
}

export interface PastPart<T> {
  readonly past: readonly Placed<T>[];
  /** How many there are besides what the memory has; absent when nobody asked. */
  readonly count?: ItemCount;
}

/** What memory and history have together: what the memory has of the same is newer. */
export function together<T>(present: readonly Placed<T>[], { past, count }: PastPart<T>): Together<T> {
  const known = new Set(present.map(({ rank, key }) => `${rank} ${key}`));
  const entries = [...present, ...past.filter(({ rank, key }) => !known.has(`${rank} ${key}`))];
  return { entries, ...(count === undefined ? {} : { total: sumOf(present.length, count) }) };
}

export const sumOf = (present: number, past: ItemCount): ItemCount => (past === 'unknown' ? past : present + past);

export const timeValue = (ms: number | undefined): SortValue => (ms === undefined ? undefined : isoTime(ms));
