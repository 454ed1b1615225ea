import type { FrameworkRecord } from '@tranche/contracts';
import type { BulkWriter } from '@tranche/persistence';
import type { TotalStatement } from '../agents/agent-totals.js';
import type { Changes } from '../changes/changes.port.js';
import type { IdleExecutor } from '../tasks/executor-table.js';
import type { ClusterState } from '../cluster-state.js';
import type { PastNames } from '../history/history.port.js';
import { PastFrameworkSchema, PastOperationSchema, PastTaskSchema } from '../history/history.schema.js';
import { hashOf, pastFrameworkRow, pastOperationRow, pastTaskRow, taskRowId } from '../history/past-rows.js';
import type { Task } from '../tasks/task.js';
import type { Operation } from '../operations/operation.js';
import { ExecutorSchema, FrameworkSchema, OperationSchema, TaskSchema, TotalSchema } from './offers.schema.js';

/**
 * Writes every change of frameworks and tasks behind the memory; offers do not outlive the service.
 *
 * What has ended moves to the history, where it stays until its retention is over, however short the memory of it is.
 */
export class StoredChanges implements Changes {
  constructor(
    private readonly writer: Pick<BulkWriter, 'put' | 'remove'>,
    private readonly state: ClusterState,
  ) {}

  framework(record: FrameworkRecord): void {
    const id = record.frameworkId;
    if (record.state === 'removed') {
      this.writer.put(PastFrameworkSchema, id, { ...pastFrameworkRow(record) });
      this.writer.remove(FrameworkSchema, id);
    } else {
      this.writer.put(FrameworkSchema, id, { id, record });
    }
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
    const row = pastOperationRow(record, this.namesOf(record));
    this.writer.put(PastOperationSchema, row.id, { ...row });
    this.writer.remove(OperationSchema, row.id);
  }

  /** Where the service is cut, the registry remembers the shares of all. */
  totalChanged({ agentId, resources, change }: TotalStatement, byOperations: boolean): void {
    if (change !== undefined) return;
    if (byOperations) this.writer.put(TotalSchema, agentId, { id: agentId, resources });
    else this.writer.remove(TotalSchema, agentId);
  }

  /** Of frameworks and tasks the memory forgets what the history keeps. */
  forgotten({ agentIds = [] }: Parameters<Changes['forgotten']>[0]): void {
    for (const agentId of agentIds) this.writer.remove(TotalSchema, agentId);
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
    const id = taskRowId(record);
    if (stage === 'completed') {
      this.writer.put(PastTaskSchema, id, { ...pastTaskRow(record, this.namesOf(record)) });
      this.writer.remove(TaskSchema, id);
      return;
    }
    const bookkeeping = { held, heldForExecutor, groupId, forwardedUuid, heard, kill };
    this.writer.put(TaskSchema, id, { id, stage, launchedAtMs: record.launchedAtMs, record, bookkeeping });
  }

  private namesOf({ frameworkId, agentId }: { frameworkId?: string; agentId: string }): PastNames {
    const { frameworks, agents } = this.state;
    const framework = frameworks.get(frameworkId ?? '') ?? frameworks.completed(frameworkId ?? '');
    return {
      frameworkName: framework?.record.info.name ?? '',
      agentHostname: agents.get(agentId)?.record.hostname ?? '',
    };
  }
}

const executorRowId = ({ frameworkId, agentId, info }: IdleExecutor): string =>
  hashOf([frameworkId, agentId, info.executor_id.value]);

/** Puts everything that the memory holds: the database has lost some of it. */
export function rewriteAll(state: ClusterState, writer: Pick<BulkWriter, 'put' | 'remove'>): void {
  const stored = new StoredChanges(writer, state);
  for (const { record } of [...state.frameworks.all(), ...state.frameworks.allCompleted()]) stored.framework(record);
  for (const task of [...state.tasks.allPresent(), ...state.tasks.allCompleted()]) stored.taskUpdated(task);
  for (const operation of state.operations.all()) stored.operationUpdated(operation);
  for (const total of state.totals.allChanged()) stored.totalChanged(total, true);
  for (const executor of state.tasks.executors.allIdle()) stored.executorIdle(executor);
}
