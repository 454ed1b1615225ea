import type { FrameworkRecord, OperationRecord, TaskRecord } from '@tranche/contracts';
import type { Place } from '@tranche/http';

/** The order of a list of `/v1`, where it is not its own. */
export interface HistorySort {
  /** Column that rows are sorted by; absent: the list's own order, backwards. */
  readonly by?: SortColumn | undefined;
  readonly isBackwards: boolean;
}

/** Columns that have an index with the place in the list. */
export const SORT_COLUMNS = {
  tasks: { endedAt: 'endedAtMs', id: 'taskId', name: 'name', frameworkId: 'frameworkId', agentId: 'agentId' },
  frameworks: { unregisteredAt: 'endedAtMs', name: 'name' },
  operations: { endedAt: 'endedAtMs', agentId: 'agentId' },
} as const;
export type SortColumn = 'endedAtMs' | 'taskId' | 'name' | 'frameworkId' | 'agentId';

/** What one page of history is wanted of: in the order of the lists of `/v1`, behind a place. */
export interface HistoryRequest<F extends string> {
  readonly after?: Place | undefined;
  readonly limit: number;
  readonly sort?: HistorySort | undefined;
  /** Of each of these one of the values. */
  readonly equal: Readonly<Partial<Record<F, readonly string[]>>>;
}

/** Names that were known when something ended: who had them may be forgotten by now. */
export interface PastNames {
  /** Empty where there is none. */
  readonly frameworkName: string;
  readonly agentHostname: string;
}

export interface PastTask extends PastNames {
  readonly record: TaskRecord;
}

export interface PastOperation extends PastNames {
  readonly record: OperationRecord;
}

export interface TaskHistoryRequest extends HistoryRequest<'frameworkId' | 'agentId' | 'state' | 'name' | 'taskId'> {
  /** Name or id begin with one of these. */
  readonly beginnings?: readonly string[];
}

/** What is to be counted: what a page of it is wanted of. */
export type CountRequest =
  | ({ readonly of: 'tasks' } & TaskHistoryRequest)
  | ({ readonly of: 'frameworks' } & HistoryRequest<'name' | 'role'>)
  | ({ readonly of: 'operations' } & HistoryRequest<'frameworkId' | 'agentId' | 'state' | 'type' | 'role'>);

/**
 * What has ended, as the database keeps it until its retention is over; the memory has the newest of it only. Written a moment after the
 * end, so the memory's word weighs more.
 *
 * Every method throws whatever the database fails with.
 */
export interface History {
  tasks(request: TaskHistoryRequest): Promise<readonly PastTask[]>;
  /** Ended tasks with this id, newest launch first, at most a few. */
  tasksWithId(taskId: string, frameworkId: string | undefined): Promise<readonly PastTask[]>;
  /** Removed frameworks. */
  frameworks(request: HistoryRequest<'name' | 'role'>): Promise<readonly FrameworkRecord[]>;
  framework(frameworkId: string): Promise<FrameworkRecord | undefined>;
  /** Operations that have left the books. */
  operations(
    request: HistoryRequest<'frameworkId' | 'agentId' | 'state' | 'type' | 'role'>,
  ): Promise<readonly PastOperation[]>;
  operation(id: string): Promise<PastOperation | undefined>;
  /**
   * How many there are, without those that the memory has, too.
   *
   * @param present keys of rows, of what the memory has
   */
  count(request: CountRequest, present: readonly string[]): Promise<number>;
  /** Deletes what ended before, in batches. @returns how much */
  expire(beforeMs: number): Promise<number>;
}
