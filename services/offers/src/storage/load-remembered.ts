import type { FrameworkRecord } from '@tranche/contracts';
import type { DataSource } from 'typeorm';
import type { Remembered } from '../frameworks/recover-frameworks.js';
import type { Task } from '../tasks/task.js';
import { AllocationSchema, ExecutorSchema, FrameworkSchema, type TaskRow, TaskSchema } from './offers.schema.js';

/** What an earlier life of the service left in the database, oldest first. */
export async function loadRemembered(
  source: DataSource,
): Promise<Remembered & { readonly seenAllocation?: { readonly epoch: string; readonly run: number } }> {
  const frameworks = (await source.getRepository(FrameworkSchema).find()).map(({ record }) => record);
  const tasks = (await source.getRepository(TaskSchema).find()).map(taskOfRow);
  const executors = (await source.getRepository(ExecutorSchema).find()).map(({ executor }) => executor);
  const allocation = await source.getRepository(AllocationSchema).findOneBy({ id: 'seen' });
  return {
    frameworks: frameworks.toSorted((a, b) => endOf(a) - endOf(b)),
    tasks: tasks.toSorted((a, b) => a.record.launchedAtMs - b.record.launchedAtMs),
    executors,
    ...(allocation === null ? {} : { seenAllocation: allocation.seen }),
  };
}

/** Completed frameworks are kept and forgotten in the order in which they ended. */
const endOf = (record: FrameworkRecord): number => record.unregisteredAtMs ?? record.registeredAtMs;

function taskOfRow({ record, stage, bookkeeping }: TaskRow): Task {
  const { held, heldForExecutor, forwardedUuid, kill } = bookkeeping;
  return {
    record,
    stage,
    held,
    heldForExecutor,
    ...(forwardedUuid === undefined ? {} : { forwardedUuid }),
    ...(kill === undefined ? {} : { kill }),
  };
}
