import type { FrameworkRecord, OperationRecord, TaskRecord } from '@tranche/contracts';
import type { KillPolicy, Resource } from '@tranche/mesos-api';
import { entityColumn } from '@tranche/persistence';
import { EntitySchema } from 'typeorm';
import type { IdleExecutor } from '../tasks/executor-table.js';
import type { Heard, TaskStage } from '../tasks/task.js';

export interface FrameworkRow {
  readonly id: string;
  readonly record: FrameworkRecord;
}

/** A task; one id may have several rows, one a launch. */
export interface TaskRow {
  /** Hash of framework, task and launch: ids are compared exactly, whatever the database's collation. */
  readonly id: string;
  readonly stage: TaskStage;
  readonly launchedAtMs: number;
  readonly record: TaskRecord;
  readonly bookkeeping: TaskBookkeeping;
}

/** What is known of a task beside its record. */
export interface TaskBookkeeping {
  readonly held: readonly Resource[];
  readonly heldForExecutor: readonly Resource[];
  readonly groupId?: string | undefined;
  readonly forwardedUuid?: string | undefined;
  readonly heard?: Heard | undefined;
  readonly kill?: { readonly policy?: KillPolicy } | undefined;
}

/** An executor that runs on without tasks. */
export interface ExecutorRow {
  /** Hash of framework, agent and executor id. */
  readonly id: string;
  readonly executor: IdleExecutor;
}

export interface OperationRow {
  /** Hash of its uuid: compared exactly, whatever the database's collation. */
  readonly id: string;
  /** Later ones may need what earlier ones make: they are taken up in this order. */
  readonly acceptedAtMs: number;
  readonly record: OperationRecord;
  readonly bookkeeping: {
    readonly forwardedUuid?: string | undefined;
    readonly isSentAgain?: boolean | undefined;
  };
}

/** What an agent has, where operations have changed it since it registered. */
export interface TotalRow {
  /** Of the agent. */
  readonly id: string;
  readonly resources: readonly Resource[];
}

export const FrameworkSchema = new EntitySchema<FrameworkRow>({
  name: 'offers_framework',
  tableName: 'offers_frameworks',
  columns: { id: entityColumn('key', { primary: true }), record: entityColumn('json') },
});

export const TaskSchema = new EntitySchema<TaskRow>({
  name: 'offers_task',
  tableName: 'offers_tasks',
  columns: {
    id: entityColumn('key', { primary: true }),
    stage: entityColumn('key'),
    launchedAtMs: { ...entityColumn('milliseconds'), name: 'launched_at_ms' },
    record: entityColumn('json'),
    bookkeeping: entityColumn('json'),
  },
});

export const ExecutorSchema = new EntitySchema<ExecutorRow>({
  name: 'offers_executor',
  tableName: 'offers_executors',
  columns: { id: entityColumn('key', { primary: true }), executor: entityColumn('json') },
});

export const OperationSchema = new EntitySchema<OperationRow>({
  name: 'offers_operation',
  tableName: 'offers_operations',
  columns: {
    id: entityColumn('key', { primary: true }),
    acceptedAtMs: { ...entityColumn('milliseconds'), name: 'accepted_at_ms' },
    record: entityColumn('json'),
    bookkeeping: entityColumn('json'),
  },
});

export const TotalSchema = new EntitySchema<TotalRow>({
  name: 'offers_total',
  tableName: 'offers_totals',
  columns: { id: entityColumn('key', { primary: true }), resources: entityColumn('json') },
});
