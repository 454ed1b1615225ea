import type { OperationRecord, TaskRecord } from '@tranche/contracts';
import { type Place, resourcesOfOperation, type Sight } from '@tranche/http';
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

interface Window {
  readonly after?: Place | undefined;
  readonly limit: number;
}

/**
 * What somebody may see of the history, which the database cannot tell: as much as a page wants, read on until there is so much.
 *
 * @param sees undefined: everything
 * @param placeOf where a row is in the list that is asked for
 */
export async function readSeen<T, W extends Window>(
  read: (window: W) => Promise<readonly T[]>,
  window: W,
  sees: ((row: T) => boolean) | undefined,
  placeOf: (row: T) => Place,
): Promise<readonly T[]> {
  if (sees === undefined) return read(window);
  const found: T[] = [];
  for (let { after } = window; ; ) {
    const rows: readonly T[] = await read({ ...window, after, limit: READ_AT_ONCE });
    found.push(...rows.filter(sees));
    const last = rows.at(-1);
    if (last === undefined || rows.length < READ_AT_ONCE || found.length >= window.limit) break;
    after = placeOf(last);
  }
  return found.slice(0, window.limit);
}

/** All of it that somebody may see, to be counted. */
export const readAllSeen = <T, W extends Window>(
  read: (window: W) => Promise<readonly T[]>,
  { after: _page, ...whole }: W,
  sees: (row: T) => boolean,
  placeOf: (row: T) => Place,
): Promise<readonly T[]> => readSeen(read, { ...whole, limit: Number.MAX_SAFE_INTEGER } as W, sees, placeOf);
