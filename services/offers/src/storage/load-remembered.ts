import { type FrameworkRecord, isIn, type Partition, type TaskRecord } from '@tranche/contracts';
import type { DataSource } from 'typeorm';
import type { Remembered } from '../frameworks/recover-frameworks.js';
import type { History } from '../history/history.port.js';
import type { Task } from '../tasks/task.js';
import type { Operation } from '../operations/operation.js';
import {
  ExecutorSchema,
  FrameworkSchema,
  type OperationRow,
  OperationSchema,
  type TaskRow,
  TaskSchema,
  TotalSchema,
} from './offers.schema.js';

/** How much of the history the memory has room for. */
export interface MemoryBounds {
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasksPerFramework: number;
}

/**
 * What an earlier life left in the database of the frameworks of a partition, oldest first: all that had not ended, and the newest of what had.
 */
export async function loadRemembered(
  source: DataSource,
  partition: Partition,
  history: Pick<History, 'frameworks' | 'tasks'>,
  { maxCompletedFrameworks, maxCompletedTasksPerFramework }: MemoryBounds,
): Promise<Remembered> {
  const isOwn = ({ frameworkId = '' }: { readonly frameworkId?: string }): boolean => isIn(partition, frameworkId);
  const frameworks = (await source.getRepository(FrameworkSchema).find()).map(({ record }) => record).filter(isOwn);
  const tasks = (await source.getRepository(TaskSchema).find()).filter(({ record }) => isOwn(record)).map(taskOfRow);
  const executors = (await source.getRepository(ExecutorSchema).find()).map(({ executor }) => executor).filter(isOwn);
  const operations = (await source.getRepository(OperationSchema).find())
    .filter(({ record }) => isOwn(record))
    .map(operationOfRow);
  const totals = await source.getRepository(TotalSchema).find();
  const newestFrameworks =
    maxCompletedFrameworks === 0 ? [] : await history.frameworks({ equal: {}, limit: maxCompletedFrameworks });
  const pastFrameworks = newestFrameworks.filter(isOwn);
  const pastTasks: TaskRecord[] = [];
  for (const { frameworkId } of maxCompletedTasksPerFramework === 0 ? [] : [...pastFrameworks, ...frameworks]) {
    const newest = { equal: { frameworkId: [frameworkId] }, limit: maxCompletedTasksPerFramework };
    pastTasks.push(...(await history.tasks(newest)).map(({ record }) => record));
  }
  return {
    frameworks: frameworks.toSorted((a, b) => endOf(a) - endOf(b)),
    tasks: tasks.toSorted((a, b) => a.record.launchedAtMs - b.record.launchedAtMs),
    pastFrameworks: pastFrameworks.toSorted((a, b) => endOf(a) - endOf(b)),
    pastTasks: pastTasks.toSorted((a, b) => a.launchedAtMs - b.launchedAtMs),
    executors,
    operations: operations.toSorted((a, b) => a.record.acceptedAtMs - b.record.acceptedAtMs),
    totals: totals.map(({ id, resources }) => ({ agentId: id, resources })),
  };
}

/** Completed frameworks are kept and forgotten in the order in which they ended. */
const endOf = (record: FrameworkRecord): number => record.unregisteredAtMs ?? record.registeredAtMs;

function taskOfRow({ record, stage, bookkeeping }: TaskRow): Task {
  const { held, heldForExecutor, groupId, forwardedUuid, heard, kill } = bookkeeping;
  return {
    record,
    stage,
    held,
    heldForExecutor,
    ...(groupId === undefined ? {} : { groupId }),
    ...(forwardedUuid === undefined ? {} : { forwardedUuid }),
    ...(heard === undefined ? {} : { heard }),
    ...(kill === undefined ? {} : { kill }),
  };
}

function operationOfRow({ record, bookkeeping: { forwardedUuid, isSentAgain } }: OperationRow): Operation {
  return {
    record,
    ...(forwardedUuid === undefined ? {} : { forwardedUuid }),
    ...(isSentAgain === undefined ? {} : { isSentAgain }),
  };
}
