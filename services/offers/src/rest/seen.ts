import { setImmediate } from 'node:timers/promises';
import type { OperationRecord, TaskRecord } from '@tranche/contracts';
import { type ItemCount, type Place, resourcesOfOperation, type Sight } from '@tranche/http';
import type { FrameworkInfo } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';

/** As whom a framework runs tasks that do not say otherwise; undefined when the memory has forgotten it. */
const userOf = ({ frameworks }: Pick<ClusterState, 'frameworks'>, frameworkId: string): string | undefined =>
  (frameworks.get(frameworkId) ?? frameworks.completed(frameworkId))?.record.info.user;

/** Whether somebody may see a framework. @param sight undefined: everything */
export const seesFramework = (
  sight: Sight | undefined,
  { record }: { readonly record: { readonly info: Pick<FrameworkInfo, 'user'> } },
): boolean => sight === undefined || sight.framework(record.info.user);

/** Whether somebody may see what is of a framework that the memory may have forgotten. */
export function seesWhatIsOf(
  sight: Sight | undefined,
  state: Pick<ClusterState, 'frameworks'>,
  frameworkId: string,
): boolean {
  const user = userOf(state, frameworkId);
  return sight === undefined || (user !== undefined && sight.framework(user));
}

export const seesTask = (
  sight: Sight | undefined,
  state: Pick<ClusterState, 'frameworks'>,
  { frameworkId, user }: Pick<TaskRecord, 'frameworkId' | 'user'>,
): boolean => sight === undefined || sight.task(user, userOf(state, frameworkId));

/** One of an operator is seen by who may see the roles of its resources. */
export const seesOperation = (
  sight: Sight | undefined,
  state: Pick<ClusterState, 'frameworks'>,
  { frameworkId, info }: OperationRecord,
): boolean =>
  sight === undefined ||
  ((frameworkId === undefined || seesWhatIsOf(sight, state, frameworkId)) &&
    resourcesOfOperation(info).every(sight.resource));

/** So much of the history is read at a time for who may not see all of it. */
const READ_AT_ONCE = 500;

/** Rows that one page looks at, a second's work: one that has found less by then is a short page, behind which its reader goes on. */
const READ_AT_MOST = 20_000;

/** Rows that one count looks at: some seconds' work, in turns. One of more is not made. */
const COUNTED_AT_MOST = 100_000;

interface Window {
  readonly after?: Place | undefined;
  readonly limit: number;
}

/** What was found of the history. */
export interface SeenRows<T> {
  readonly rows: readonly T[];
  /** Where the looking ended before there was enough; undefined: there is enough, or no more. */
  readonly upTo?: Place;
}

/**
 * What somebody may see of the history, which the database cannot tell: as much as a page wants, read on until there is so much.
 *
 * @param sees undefined: everything
 * @param placeOf where a row is in the list that is asked for
 * @param atMost rows that are looked at
 */
export async function readSeen<T, W extends Window>(
  read: (window: W) => Promise<readonly T[]>,
  window: W,
  sees: ((row: T) => boolean) | undefined,
  placeOf: (row: T) => Place,
  atMost = READ_AT_MOST,
): Promise<SeenRows<T>> {
  if (sees === undefined) return { rows: await read(window) };
  const found: T[] = [];
  let looked = 0;
  for await (const rows of pagesOf(read, window, placeOf)) {
    found.push(...rows.filter(sees));
    looked += rows.length;
    if (found.length >= window.limit) break;
    const last = rows.at(-1);
    if (looked >= atMost && last !== undefined) return { rows: found, upTo: placeOf(last) };
  }
  return { rows: found.slice(0, window.limit) };
}

/**
 * How much of the history somebody may see; no row of it is kept. Read in the list's own order, whatever the page is sorted by.
 *
 * @param isCounted whether a row may be seen, and is not told by the memory already
 * @param placeOf where a row is in the list's own order
 * @param atMost rows that are looked at
 * @returns `unknown` when there are more
 */
export async function countSeen<T, W extends Window & { readonly sort?: unknown }>(
  read: (window: W) => Promise<readonly T[]>,
  { after: _page, sort: _order, ...whole }: W,
  isCounted: (row: T) => boolean,
  placeOf: (row: T) => Place,
  atMost = COUNTED_AT_MOST,
): Promise<ItemCount> {
  let count = 0;
  let looked = 0;
  for await (const rows of pagesOf(read, whole as W, placeOf)) {
    looked += rows.length;
    if (looked > atMost) return 'unknown';
    for (const row of rows) if (isCounted(row)) count++;
  }
  return count;
}

/** Page by page; between them others have a turn, which an embedded database would not give them. */
async function* pagesOf<T, W extends Window>(
  read: (window: W) => Promise<readonly T[]>,
  window: W,
  placeOf: (row: T) => Place,
): AsyncGenerator<readonly T[]> {
  for (let { after } = window; ; ) {
    const rows = await read({ ...window, after, limit: READ_AT_ONCE });
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < READ_AT_ONCE) return;
    after = placeOf(last);
    await setImmediate();
  }
}
