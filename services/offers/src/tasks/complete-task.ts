import { isTerminalState, type TaskStatus } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import { releaseResources } from './release-resources.js';
import type { Task } from './task.js';
import { withStatus } from './task-status.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes'>;

/** Moves a task to the history: it frees its id, and whatever it may still hold. */
export function completeTask(context: Context, task: Task): void {
  releaseResources(context, task);
  const forgotten = context.state.tasks.complete(task);
  context.changes.taskUpdated(task);
  if (forgotten.length > 0) context.changes.forgotten({ tasks: forgotten });
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
  task.record = {
    ...record,
    state: status.state,
    statuses: withStatus(record.statuses, status),
    ...(status.state === 'TASK_RUNNING' && record.runningAtMs === undefined ? { runningAtMs: atMs } : {}),
    ...(isTerminalState(status.state) && record.endedAtMs === undefined ? { endedAtMs: atMs } : {}),
  };
}
