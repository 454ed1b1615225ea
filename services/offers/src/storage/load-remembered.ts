import type { FrameworkRecord } from '@tranche/contracts';
import type { DataSource } from 'typeorm';
import type { Remembered } from '../frameworks/recover-frameworks.js';
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

/** What an earlier life of the service left in the database, oldest first. */
export async function loadRemembered(source: DataSource): Promise<Remembered> {
  const frameworks = (await source.getRepository(FrameworkSchema).find()).map(({ record }) => record);
  const tasks = (await source.getRepository(TaskSchema).find()).map(taskOfRow);
  const executors = (await source.getRepository(ExecutorSchema).find()).map(({ executor }) => executor);
  const operations = (await source.getRepository(OperationSchema).find()).map(operationOfRow);
  const totals = await source.getRepository(TotalSchema).find();
  return {
    frameworks: frameworks.toSorted((a, b) => endOf(a) - endOf(b)),
    tasks: tasks.toSorted((a, b) => a.record.launchedAtMs - b.record.launchedAtMs),
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
