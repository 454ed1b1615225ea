import { isTerminalState } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import { freeIdleExecutors } from '../executors/idle-executors.js';
import { withdrawInverseOffer } from '../inverse-offers/end-inverse-offer.js';
import { returnOffer } from '../offers/return-offer.js';
import { endTask } from '../tasks/complete-task.js';
import { masterStatus } from '../tasks/task-status.js';
import { orphanOperations } from '../operations/orphan-operations.js';
import type { Framework } from './framework.js';
import { removed } from './framework-state.js';

/**
 * Ends a framework: its offers go back, its tasks are recorded as killed, their agents are told to end them, its stream is closed, and it
 * is completed. The framework gets no updates of this (scheduler API §3.3).
 *
 * @param reason for people: `torn down by the scheduler`, `failover timeout of 10 s passed`
 */
export function removeFramework(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock'>,
  framework: Framework,
  reason: string,
): void {
  const { state, agents, changes, clock } = context;
  const { frameworkId, stream } = framework;
  if (state.frameworks.get(frameworkId) !== framework) return;
  framework.cancelRemoval?.();
  delete framework.stream;
  for (const offer of state.offers.ofFramework(frameworkId)) returnOffer(context, offer, 'withdrawn');
  for (const inverse of state.inverseOffers.ofFramework(frameworkId)) withdrawInverseOffer(context, inverse);
  state.inverseOffers.forgetAnswersBy(frameworkId);

  const nowMs = clock.nowMs();
  const agentIds = new Set<string>();
  for (const task of [...state.tasks.ofFramework(frameworkId)]) {
    const { taskId, agentId } = task.record;
    agentIds.add(agentId);
    const status = masterStatus({
      taskId,
      agentId,
      state: 'TASK_KILLED',
      reason: 'REASON_FRAMEWORK_REMOVED',
      message: `Framework ${frameworkId} removed`,
      nowMs,
    });
    endTask(context, task, isTerminalState(task.record.state) ? undefined : status);
  }
  const idle = state.tasks.executors.idleOf(frameworkId);
  for (const { agentId } of idle) agentIds.add(agentId);
  freeIdleExecutors(context, idle);
  for (const agentId of agentIds) agents.shutdownFramework(agentId, { frameworkId });
  orphanOperations(context, frameworkId);

  framework.record = removed(framework.record, reason, nowMs);
  const forgotten = state.frameworks.complete(framework);
  changes.framework(framework.record);
  if (forgotten.length > 0) forgetFrameworks(context, forgotten);
  stream?.end();
}

/** Drops completed frameworks and their tasks from the history. */
export function forgetFrameworks(
  context: Pick<OffersContext, 'state' | 'changes'>,
  frameworks: readonly Framework[],
): void {
  const { tasks } = context.state;
  const ended = frameworks.flatMap(({ frameworkId }) => [...tasks.completedOf(frameworkId)]);
  for (const task of ended) tasks.forget(task);
  for (const { frameworkId } of frameworks) context.state.frameworks.forget(frameworkId);
  context.changes.forgotten({ frameworkIds: frameworks.map(({ frameworkId }) => frameworkId), tasks: ended });
}
