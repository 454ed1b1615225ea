import {
  type AgentRegistered,
  type FrameworkReport,
  isIn,
  type Partition,
  ReportOperationStatusV1,
  type TaskReport,
} from '@tranche/contracts';
import { reconcileExecutors } from '../executors/idle-executors.js';
import { carryingChanges, Resources } from '@tranche/resources';
import { isTerminalState, type TaskStatus } from '@tranche/mesos-api';
import type { Operation } from '../operations/operation.js';
import { adoptFramework } from '../frameworks/adopt-framework.js';
import { isConnected } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { rescindOffer } from '../offers/return-offer.js';
import type { Task } from '../tasks/task.js';
import { sendKill } from '../tasks/kill-task.js';
import { agentOf } from './agent.js';
import { goOnWith, sendQuestion } from './ask-agents.js';
import { changeUnavailability } from './change-unavailability.js';
import { planOperations } from './plan-operations.js';
import { isHeardSince, planReconciliation } from './plan-reconciliation.js';
import { reconcileAgent } from './reconcile-agent.js';
import { reconcileOperationsOfAgent, takeTotal } from './reconcile-operations-of-agent.js';
import { reportUsage } from './report-usage.js';

/**
 * An agent was admitted, for the first time or again: the books follow what it says of itself, and the allocator learns what is held there,
 * whereupon it offers the rest.
 */
export function registerAgent(context: OffersContext, registered: AgentRegistered): void {
  const {
    agent,
    tasks,
    frameworks,
    executors = [],
    operations = [],
    sent,
  } = ownPart(context.state.partition, registered);
  const { agentId } = agent;
  const { state } = context;
  changeUnavailability(context, agent.agentId, agent.unavailability);
  const before = state.agents.get(agentId);
  const totalBefore = state.totals.of(agentId);
  state.agents.set(agentOf(carryingChanges(agent, before?.record)));
  meetFrameworks(context, agentId, frameworks);

  const truth = Resources.fromJson(agent.resources).withoutAllocationRole();
  const isNews = (operation: Operation): boolean => isHeardSince(operation, sent, ReportOperationStatusV1);
  const known = [...state.operations.takeDone(agentId, isNews), ...state.operations.ofAgent(agentId)];
  const pending = planOperations(known, operations, truth, isNews);
  takeTotal(context, agentId, pending, pending.total.equals(truth));
  // Offers of an agent whose total has changed may be of what is no longer there.
  const isChanged = before !== undefined && !totalBefore.equals(state.totals.of(agentId));
  if (isChanged) for (const offer of state.offers.ofAgent(agentId)) rescindOffer(context, offer);
  reconcileOperationsOfAgent(context, agentId, pending);

  const reports = tasks.filter(
    (report) =>
      state.frameworks.get(report.frameworkId) !== undefined && !hasEndedSince(state.tasks, report, registered),
  );
  const plan = planReconciliation(state.tasks.ofAgent(agentId), reports, sent);
  reconcileAgent(context, agent, plan, before?.record.state === 'unreachable');
  reconcileExecutors(context, agent.agentId, executors);
  for (const task of plan.killAgain) sendKill(context, task, task.kill?.policy);
  reportUsage(context, agentId);
  const isUntold = state.agents.told.registered(registered);
  if (isUntold) sendQuestion(context, agentId, 'it has not told all');
  goOnWith(context, agentId);
}

/**
 * A task whose end was told and acknowledged: it is history. Its agent has not heard of the acknowledgement yet, or had not when it made the report. An earlier
 * life of this service may have heard the end; which message told it is not kept of history, but the status is, and which container ended.
 */
function hasEndedSince(
  tasks: OffersContext['state']['tasks'],
  { frameworkId, task, latestStatus }: TaskReport,
  { agent: { agentId }, sent }: Pick<AgentRegistered, 'agent' | 'sent'>,
): boolean {
  const last = tasks
    .withId(task.task_id.value)
    .findLast(({ record }) => record.frameworkId === frameworkId && record.agentId === agentId);
  if (last?.stage !== 'completed') return false;
  return isHeardSince(last, sent) || (latestStatus !== undefined && hasEndOf(last, latestStatus));
}

/** Whether a task has ended by this status, or in its container. */
function hasEndOf({ record }: Task, status: TaskStatus): boolean {
  const isSame = (one: string | undefined, other: string | undefined): boolean => one !== undefined && one === other;
  return record.statuses.some(
    (ended) =>
      isTerminalState(ended.state) &&
      (isSame(ended.uuid, status.uuid) || isSame(containerOf(ended), containerOf(status))),
  );
}

const containerOf = ({ container_status }: TaskStatus): string | undefined => container_status?.container_id?.value;

/** What an agent says of frameworks of this partition: the others' owners hear it as well. */
function ownPart(partition: Partition, registered: AgentRegistered): AgentRegistered {
  if (partition.count === 1) return registered;
  const { tasks, frameworks, executors = [], operations = [] } = registered;
  const isOwn = ({ frameworkId = '' }: { readonly frameworkId?: string }): boolean => isIn(partition, frameworkId);
  return {
    ...registered,
    ...{ tasks: tasks.filter(isOwn), frameworks: frameworks.filter(isOwn) },
    ...{ executors: executors.filter(isOwn), operations: operations.filter(isOwn) },
  };
}

/** Frameworks that have tasks there: unknown ones are adopted, removed ones ended, connected ones get their updates at once. */
function meetFrameworks(context: OffersContext, agentId: string, reports: readonly FrameworkReport[]): void {
  for (const { frameworkId, info } of reports) {
    const framework = context.state.frameworks.get(frameworkId);
    if (context.state.frameworks.completed(frameworkId) !== undefined) {
      context.agents.shutdownFramework(agentId, { frameworkId });
    } else if (framework === undefined) {
      adoptFramework(context, frameworkId, info);
    } else if (isConnected(framework)) {
      context.agents.updateFramework(agentId, { frameworkId, framework: framework.record.info });
    }
  }
}
