import type { FrameworkRecord } from '@tranche/contracts';
import type { Resource } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import type { Operation } from '../operations/operation.js';
import type { Task } from '../tasks/task.js';
import type { IdleExecutor } from '../tasks/executor-table.js';
import { holdResources } from '../tasks/release-resources.js';
import { awaitReturn } from './await-return.js';
import { frameworkOf } from './framework.js';
import { recovered } from './framework-state.js';
import { forgetFrameworks } from './remove-framework.js';

/** What the database remembers, each list oldest first. */
export interface Remembered {
  readonly frameworks: readonly FrameworkRecord[];
  readonly tasks: readonly Task[];
  readonly executors: readonly IdleExecutor[];
  readonly operations?: readonly Operation[];
  /** Of agents whose resources operations have changed since they registered. */
  readonly totals?: readonly { readonly agentId: string; readonly resources: readonly Resource[] }[];
}

/**
 * Takes up where an earlier life of this service stopped: frameworks may subscribe again, their deadlines counting from now, and their
 * tasks are live until their agents say otherwise.
 */
export function recoverFrameworks(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock' | 'settings'>,
  remembered: Remembered,
): void {
  for (const record of remembered.frameworks) recoverFramework(context, record);
  for (const task of remembered.tasks) recoverTask(context, task);
  for (const executor of remembered.executors) recoverExecutor(context, executor);
  for (const operation of remembered.operations ?? []) context.state.operations.add(operation);
  for (const { agentId, resources } of remembered.totals ?? []) context.state.totals.set(agentId, resources);
}

function recoverFramework(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock' | 'settings'>,
  record: FrameworkRecord,
): void {
  const { state, clock, settings } = context;
  if (record.state === 'removed') {
    const forgotten = state.frameworks.complete(frameworkOf(record));
    if (forgotten.length > 0) forgetFrameworks(context, forgotten);
    return;
  }
  const framework = frameworkOf(recovered(record, clock.nowMs(), settings.recoveryGraceMs));
  state.frameworks.add(framework);
  context.changes.framework(framework.record);
  awaitReturn(context, framework);
}

function recoverExecutor({ state, changes }: Pick<OffersContext, 'state' | 'changes'>, executor: IdleExecutor): void {
  if (state.frameworks.get(executor.frameworkId) === undefined) changes.executorEnded(executor);
  else state.tasks.executors.park(executor);
}

function recoverTask({ state, changes }: Pick<OffersContext, 'state' | 'changes'>, task: Task): void {
  const { frameworkId } = task.record;
  const isOwned = state.frameworks.get(frameworkId) !== undefined;
  if (!isOwned && state.frameworks.completed(frameworkId) === undefined) {
    changes.forgotten({ tasks: [task] });
  } else if (!isOwned || task.stage === 'completed') {
    const forgotten = state.tasks.addCompleted({ ...task, stage: 'completed', held: [], heldForExecutor: [] });
    if (forgotten.length > 0) changes.forgotten({ tasks: forgotten });
  } else {
    state.tasks.add(task);
    holdResources(state, task);
  }
}
