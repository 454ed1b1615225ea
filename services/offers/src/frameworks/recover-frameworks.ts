import type { FrameworkRecord, TaskRecord } from '@tranche/contracts';
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
  /** What had not ended; and what had, in a version that kept no history of its own. */
  readonly frameworks: readonly FrameworkRecord[];
  readonly tasks: readonly Task[];
  /** The newest of the history. */
  readonly pastFrameworks?: readonly FrameworkRecord[];
  readonly pastTasks?: readonly TaskRecord[];
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
  const { state } = context;
  for (const record of remembered.pastFrameworks ?? []) state.frameworks.complete(frameworkOf(record));
  for (const record of remembered.frameworks) recoverFramework(context, record);
  for (const record of remembered.pastTasks ?? []) keepCompleted(state, completed(record));
  for (const task of remembered.tasks) recoverTask(context, task);
  for (const executor of remembered.executors) recoverExecutor(context, executor);
  for (const operation of remembered.operations ?? []) context.state.operations.add(operation);
  for (const { agentId, resources } of remembered.totals ?? []) recoverTotal(context, agentId, resources);
}

function recoverFramework(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock' | 'settings'>,
  record: FrameworkRecord,
): void {
  const { state, clock, settings } = context;
  if (record.state === 'removed') {
    const forgotten = state.frameworks.complete(frameworkOf(record));
    context.changes.framework(record);
    if (forgotten.length > 0) forgetFrameworks(context, forgotten);
    return;
  }
  const framework = frameworkOf(recovered(record, clock.nowMs(), settings.recoveryGraceMs));
  state.frameworks.add(framework);
  context.changes.framework(framework.record);
  awaitReturn(context, framework);
}

/** A total from before the service was cut belongs to no partition: the agent itself knows it. */
function recoverTotal(
  { state, changes, agents }: Pick<OffersContext, 'state' | 'changes' | 'agents'>,
  agentId: string,
  resources: readonly Resource[],
): void {
  const { index, count } = state.partition;
  if (count === 1) return state.totals.set(agentId, resources);
  if (index > 0) return;
  void agents.reregister(agentId, `offers works in ${count} partitions now`);
  changes.forgotten({ agentIds: [agentId] });
}

function recoverExecutor({ state, changes }: Pick<OffersContext, 'state' | 'changes'>, executor: IdleExecutor): void {
  if (state.frameworks.get(executor.frameworkId) === undefined) changes.executorEnded(executor);
  else state.tasks.executors.park(executor);
}

function recoverTask({ state, changes }: Pick<OffersContext, 'state' | 'changes'>, task: Task): void {
  if (state.frameworks.get(task.record.frameworkId) !== undefined && task.stage !== 'completed') {
    state.tasks.add(task);
    holdResources(state, task);
    return;
  }
  const ended = completed(task.record);
  changes.taskUpdated(ended);
  keepCompleted(state, ended);
}

const completed = (record: TaskRecord): Task => ({ record, stage: 'completed', held: [], heldForExecutor: [] });

/** The tasks of a framework that is not remembered are not either. */
function keepCompleted({ frameworks, tasks }: OffersContext['state'], task: Task): void {
  const { frameworkId } = task.record;
  const isKnown = frameworks.get(frameworkId) !== undefined || frameworks.completed(frameworkId) !== undefined;
  if (isKnown) tasks.addCompleted(task);
}
