import type {
  FrameworkRecord,
  InverseOfferOutcome,
  InverseOfferRecord,
  OfferOutcome,
  OfferRecord,
} from '@tranche/contracts';
import type { OperationStatus, TaskStatus } from '@tranche/mesos-api';
import type { TotalStatement } from '../agents/agent-totals.js';
import type { Operation } from '../operations/operation.js';
import type { IdleExecutor } from '../tasks/executor-table.js';
import type { Task } from '../tasks/task.js';

/**
 * Who has to know what changed: listeners of our facts, the database, the metrics. Called after the change, in its turn.
 */
export interface Changes {
  /** A framework is new, changed, or removed. */
  framework(record: FrameworkRecord): void;
  offerMade(offer: OfferRecord): void;
  offerEnded(offer: OfferRecord, outcome: OfferOutcome): void;
  inverseOfferMade(inverseOffer: InverseOfferRecord): void;
  inverseOfferEnded(inverseOffer: InverseOfferRecord, outcome: InverseOfferOutcome): void;
  /**
   * A task was sent to its agent, adopted from an agent's registration, or holds something else from now on.
   *
   * @param before the task that has ended and of which it takes over what their executor holds: nobody may hear of this before that end
   */
  taskLaunched(task: Task, before?: Task): void;
  /** A task got a status, or changed its stage (then without a status). */
  taskUpdated(task: Task, status?: TaskStatus): void;
  /** An executor runs on without tasks and holds what it was started with, or has ended. */
  executorIdle(executor: IdleExecutor): void;
  executorEnded(executor: IdleExecutor): void;
  /** An operation was accepted, or got a status; without one, only how it is followed has changed. */
  operationUpdated(operation: Operation, status?: OperationStatus): void;
  /** An operation of which nothing more will come. */
  operationForgotten(operation: Operation): void;
  /** All that an agent has is this now. @param byOperations false: as its registration says */
  totalChanged(total: TotalStatement, byOperations: boolean): void;
  /** What is no longer kept in memory. */
  forgotten(what: {
    readonly frameworkIds?: readonly string[];
    readonly tasks?: readonly Task[];
    /** Agents that are lost for good: their totals. */
    readonly agentIds?: readonly string[];
  }): void;
}

/** Tells several, each of what it listens to. */
export function changesTo(listeners: readonly Partial<Changes>[]): Changes {
  const each =
    <K extends keyof Changes>(method: K) =>
    (...args: Parameters<Changes[K]>): void => {
      for (const listener of listeners)
        (listener[method] as ((...given: Parameters<Changes[K]>) => void) | undefined)?.(...args);
    };
  return {
    framework: each('framework'),
    offerMade: each('offerMade'),
    offerEnded: each('offerEnded'),
    inverseOfferMade: each('inverseOfferMade'),
    inverseOfferEnded: each('inverseOfferEnded'),
    taskLaunched: each('taskLaunched'),
    taskUpdated: each('taskUpdated'),
    executorIdle: each('executorIdle'),
    executorEnded: each('executorEnded'),
    operationUpdated: each('operationUpdated'),
    operationForgotten: each('operationForgotten'),
    totalChanged: each('totalChanged'),
    forgotten: each('forgotten'),
  };
}
