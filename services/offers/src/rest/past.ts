import type { ListRequest, Placed, QueryParameters } from '@tranche/http';
import { problem, ProblemError } from '@tranche/http';

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
): {
  readonly after: ListRequest<F>['after'];
  readonly limit: number;
  readonly equal: Readonly<Partial<Record<K, readonly string[]>>>;
} {
  const entries = filters.map((filter) => [filter, list.wanted(filter)] as const);
  const equal = Object.fromEntries(entries.filter(([, values]) => values !== undefined));
  return { after: list.after, limit: list.limit + 1, equal: equal as Partial<Record<K, readonly string[]>> };
}

/** What memory and history have together: what the memory has of the same is newer. */
export function together<T>(present: readonly Placed<T>[], past: readonly Placed<T>[]): Placed<T>[] {
  const known = new Set(present.map(({ rank, key }) => `${rank} ${key}`));
  return [...present, ...past.filter(({ rank, key }) => !known.has(`${rank} ${key}`))];
}
