import type { ExecutorReport } from '@tranche/contracts';
import type { OffersContext } from '../offers-context.js';
import type { IdleExecutor } from '../tasks/executor-table.js';
import { type Task, unallocated } from '../tasks/task.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes'>;

/** An executor has ended: what it held, by itself or by its tasks, is free again. Unknown: nothing changes. */
export function freeExecutor(
  context: Context,
  at: { readonly frameworkId: string; readonly agentId: string; readonly executorId: string },
): void {
  const { tasks, idle } = context.state.tasks.executors.end(at);
  for (const task of tasks) freeFor(context, task);
  if (idle === undefined) return;
  context.changes.executorEnded(idle);
  const { frameworkId, agentId, role, held } = idle;
  if (held.length > 0) context.allocator.recover({ frameworkId, agentId, role, resources: [...held] });
}

/** Its last statuses are still to come, but its executor is no more. */
function freeFor({ allocator, changes }: Context, task: Task): void {
  if (task.heldForExecutor.length === 0) return;
  const { frameworkId, agentId, role } = task.record;
  allocator.recover({ frameworkId, agentId, role, resources: [...task.heldForExecutor] });
  task.heldForExecutor = [];
  task.record = { ...task.record, resources: [...task.held] };
  changes.taskLaunched(task);
}

/** Ends all executors without tasks of an agent that is lost, or of a framework that is removed. */
export function freeIdleExecutors(context: Context, executors: readonly IdleExecutor[]): void {
  for (const { frameworkId, agentId, info } of executors) {
    freeExecutor(context, { frameworkId, agentId, executorId: info.executor_id.value });
  }
}

/**
 * An agent has said which executors run there: those without tasks that are not among them have ended, and those that nobody knew run idle.
 * Frameworks that are not known any more are told to the agent elsewhere.
 */
export function reconcileExecutors(context: Context, agentId: string, reports: readonly ExecutorReport[]): void {
  const { frameworks, tasks } = context.state;
  const reported = new Set(reports.map(({ frameworkId, executor }) => `${frameworkId}/${executor.executor_id.value}`));
  const gone = tasks.executors
    .idleOn(agentId)
    .filter(({ frameworkId, info }) => !reported.has(`${frameworkId}/${info.executor_id.value}`));
  freeIdleExecutors(context, gone);
  for (const { frameworkId, executor } of reports) {
    const framework = frameworks.get(frameworkId);
    const isKnown = tasks.executors.infoOf(frameworkId, agentId, executor.executor_id.value) !== undefined;
    if (framework === undefined || isKnown) continue;
    const resources = executor.resources ?? [];
    const role = resources[0]?.allocation_info?.role ?? framework.record.roles[0] ?? '*';
    park(context, { frameworkId, agentId, role, info: executor, held: unallocated(resources) });
  }
}

/** From now on the executor itself holds what its tasks held for it. */
export function park(context: Pick<OffersContext, 'state' | 'changes'>, executor: IdleExecutor): void {
  context.state.tasks.executors.park(executor);
  context.changes.executorIdle(executor);
}
