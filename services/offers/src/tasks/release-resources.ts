import { isTerminalState } from '@tranche/mesos-api';
import { park } from '../executors/idle-executors.js';
import type { OffersContext } from '../offers-context.js';
import { executorOf, type Task } from './task.js';

/** Puts what a task holds into the books: from now on it counts as running. */
export function holdResources(state: OffersContext['state'], task: Task): void {
  if (task.stage === 'live' && !isTerminalState(task.record.state)) state.tasks.executors.add(task);
}

/**
 * Gives back what a task holds, without a filter, as soon as it has ended or is lost.
 *
 * What its executor holds stays held while the executor has other tasks: one of them takes it over. One that was seen to run goes on
 * without tasks and holds it itself, until its agent tells its end.
 *
 * @param stateEnd tells that the task holds nothing any more: before another is told to hold what their executor has, or that would count twice
 */
export function releaseResources(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes'>,
  task: Task,
  stateEnd: () => void,
): void {
  const { heir, staysIdle } = context.state.tasks.executors.remove(task);
  const freed = heir === undefined && !staysIdle ? [...task.held, ...task.heldForExecutor] : [...task.held];
  const inheriting = task.heldForExecutor.length > 0 ? heir : undefined;
  if (inheriting !== undefined) bequeath(task, inheriting);
  if (staysIdle) keepExecutor(context, task);
  task.held = [];
  task.heldForExecutor = [];
  const { frameworkId, agentId, role } = task.record;
  if (freed.length > 0) context.allocator.recover({ frameworkId, agentId, role, resources: freed });
  stateEnd();
  if (inheriting !== undefined) context.changes.taskLaunched(inheriting, task);
}

function keepExecutor(context: Pick<OffersContext, 'state' | 'changes'>, task: Task): void {
  const { frameworkId, agentId, role } = task.record;
  const info = executorOf(task);
  const isIdleAlready =
    info === undefined ||
    context.state.tasks.executors.infoOf(frameworkId, agentId, info.executor_id.value) !== undefined;
  if (!isIdleAlready) park(context, { frameworkId, agentId, role, info, held: task.heldForExecutor });
}

function bequeath(task: Task, heir: Task): void {
  heir.heldForExecutor = task.heldForExecutor;
  heir.record = { ...heir.record, resources: [...heir.held, ...heir.heldForExecutor] };
}
