import { createHash } from 'node:crypto';
import type { FrameworkRecord } from '@tranche/contracts';
import type { BulkWriter } from '@tranche/persistence';
import type { Resource } from '@tranche/mesos-api';
import type { Changes } from '../changes/changes.port.js';
import type { IdleExecutor } from '../tasks/executor-table.js';
import type { ClusterState } from '../cluster-state.js';
import type { Task } from '../tasks/task.js';
import type { Operation } from '../operations/operation.js';
import { ExecutorSchema, FrameworkSchema, OperationSchema, TaskSchema, TotalSchema } from './offers.schema.js';

/** Writes every change of frameworks and tasks behind the memory; offers do not outlive the service. */
export class StoredChanges implements Changes {
  constructor(private readonly writer: Pick<BulkWriter, 'put' | 'remove'>) {}

  framework(record: FrameworkRecord): void {
    this.writer.put(FrameworkSchema, record.frameworkId, { id: record.frameworkId, record });
  }

  taskLaunched(task: Task): void {
    this.put(task);
  }

  taskUpdated(task: Task): void {
    this.put(task);
  }

  operationUpdated({ record, forwardedUuid, isSentAgain }: Operation): void {
    const id = hashOf([record.operationUuid]);
    const bookkeeping = { forwardedUuid, isSentAgain };
    this.writer.put(OperationSchema, id, { id, acceptedAtMs: record.acceptedAtMs, record, bookkeeping });
  }

  operationForgotten({ record }: Operation): void {
    this.writer.remove(OperationSchema, hashOf([record.operationUuid]));
  }

  totalChanged(agentId: string, resources: readonly Resource[], byOperations: boolean): void {
    if (byOperations) this.writer.put(TotalSchema, agentId, { id: agentId, resources });
    else this.writer.remove(TotalSchema, agentId);
  }

  forgotten({ frameworkIds = [], tasks = [], agentIds = [] }: Parameters<Changes['forgotten']>[0]): void {
    for (const agentId of agentIds) this.writer.remove(TotalSchema, agentId);
    for (const frameworkId of frameworkIds) this.writer.remove(FrameworkSchema, frameworkId);
    for (const task of tasks) this.writer.remove(TaskSchema, rowId(task));
  }

  offerMade(): void {
    // An offer is a promise of this life of the service.
  }

  offerEnded(): void {
    // As above.
  }

  inverseOfferMade(): void {
    // As above.
  }

  inverseOfferEnded(): void {
    // As above.
  }

  executorIdle(executor: IdleExecutor): void {
    const id = executorRowId(executor);
    this.writer.put(ExecutorSchema, id, { id, executor });
  }

  executorEnded(executor: IdleExecutor): void {
    this.writer.remove(ExecutorSchema, executorRowId(executor));
  }

  private put(task: Task): void {
    const { record, stage, held, heldForExecutor, groupId, forwardedUuid, heard, kill } = task;
    const id = rowId(task);
    const bookkeeping = { held, heldForExecutor, groupId, forwardedUuid, heard, kill };
    this.writer.put(TaskSchema, id, { id, stage, launchedAtMs: record.launchedAtMs, record, bookkeeping });
  }
}

const rowId = ({ record }: Task): string => hashOf([record.frameworkId, record.taskId, record.launchedAtMs]);

const executorRowId = ({ frameworkId, agentId, info }: IdleExecutor): string =>
  hashOf([frameworkId, agentId, info.executor_id.value]);

const hashOf = (key: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(key)).digest('hex');

/** Puts everything that the memory holds: the database has lost some of it. */
export function rewriteAll(state: ClusterState, writer: Pick<BulkWriter, 'put' | 'remove'>): void {
  const stored = new StoredChanges(writer);
  for (const { record } of [...state.frameworks.all(), ...state.frameworks.allCompleted()]) stored.framework(record);
  for (const task of [...state.tasks.allPresent(), ...state.tasks.allCompleted()]) stored.taskUpdated(task);
  for (const operation of state.operations.all()) stored.operationUpdated(operation);
  for (const [agentId, total] of state.totals.allChanged()) stored.totalChanged(agentId, total, true);
  for (const executor of state.tasks.executors.allIdle()) stored.executorIdle(executor);
}
