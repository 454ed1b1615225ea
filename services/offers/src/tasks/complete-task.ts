import { isTerminalState, type TaskStatus } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import { releaseResources } from './release-resources.js';
import type { Task } from './task.js';
import { withStatus } from './task-status.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes'>;

/** Moves a task to the history: it frees its id, and whatever it may still hold. */
export function completeTask(context: Context, task: Task): void {
  releaseResources(context, task, () => {
    const forgotten = context.state.tasks.complete(task);
    context.changes.taskUpdated(task);
    if (forgotten.length > 0) context.changes.forgotten({ tasks: forgotten });
  });
}

/** Completes a task with a status that nobody will acknowledge; without one, as it stands. */
export function endTask(context: Context, task: Task, status: TaskStatus | undefined): void {
  if (status !== undefined) {
    setStatus(task, status);
    context.changes.taskUpdated(task, status);
  }
  completeTask(context, task);
}

/** Notes a status and when the task first ran and ended. */
export function setStatus(task: Task, status: TaskStatus): void {
  const { record } = task;
  const atMs = (typeof status.timestamp === 'number' ? status.timestamp : 0) * 1000;
  if (task.detail?.progress !== undefined) task.detail = { ...task.detail, progress: undefined };
  const { failedChecks, ...rest } = record;
  // A status that was noted early comes once more in its turn.
  const isRepeated = status.uuid !== undefined && status.uuid === record.statuses.at(-1)?.uuid;
  const failed = isRepeated ? failedChecks : failedChecksAfter(failedChecks, status);
  task.record = {
    ...rest,
    ...(failed === undefined ? {} : { failedChecks: failed }),
    state: status.state,
    statuses: withStatus(record.statuses, status),
    ...(status.state === 'TASK_RUNNING' && record.runningAtMs === undefined ? { runningAtMs: atMs } : {}),
    ...(isTerminalState(status.state) && record.endedAtMs === undefined ? { endedAtMs: atMs } : {}),
  };
}

/** Every health check that counts against a task is told by a status of its own; other statuses leave the count as it is. */
function failedChecksAfter(count: number | undefined, { reason, healthy }: TaskStatus): number | undefined {
  if (reason !== 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED') return count;
  return healthy === false ? (count ?? 0) + 1 : undefined;
}
