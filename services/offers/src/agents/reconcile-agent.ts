import type { AgentRecord, TaskReport } from '@tranche/contracts';
import { isTerminalState, type TaskStatus } from '@tranche/mesos-api';
import { ATTRIBUTE, SPAN } from '@tranche/telemetry';
import { sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { completeTask, endTask, setStatus } from '../tasks/complete-task.js';
import { launchTasks } from '../tasks/launch-tasks.js';
import { holdResources } from '../tasks/release-resources.js';
import { statusInDelivery, type Task, taskOf } from '../tasks/task.js';
import { noteOfTask } from '../tasks/task-trace.js';
import { stateFor } from '../tasks/task-state.js';
import { masterStatus } from '../tasks/task-status.js';
import { applyStatus } from '../tasks/update-task.js';
import type { Reconciliation } from './plan-reconciliation.js';

/** Makes the books agree with what an agent says runs on it, and tells the frameworks what they could not know. */
export function reconcileAgent(
  context: OffersContext,
  agent: AgentRecord,
  plan: Reconciliation,
  wasUnreachable: boolean,
): void {
  for (const report of plan.adopt) adopt(context, agent, report);
  for (const { task, report } of plan.revive) revive(context, task, report, wasUnreachable);
  for (const { task, report } of plan.follow) follow(context, task, report);
  for (const task of plan.complete) completeTask(context, task);
  for (const task of plan.lost) lose(context, task);
  void launchTasks(context, agent.agentId, plan.launchAgain);
}

/** A task that only its agent knows: its framework is told what it does now. */
function adopt(context: OffersContext, agent: AgentRecord, report: TaskReport): void {
  const task = reportedTask(context, report, agent.agentId);
  context.state.tasks.add(task);
  holdResources(context.state, task);
  context.changes.taskLaunched(task);
  noteOfTask(SPAN.reregister, task, {});
  if (!isTerminalState(task.record.state)) {
    tell(context, task, reregistered(context, task, 'Unknown agent reregistered'));
  }
}

function revive(context: OffersContext, task: Task, report: TaskReport, wasUnreachable: boolean): void {
  const { held, heldForExecutor, record } = reportedTask(context, report, task.record.agentId);
  const { endedAtMs: _runsAfterAll, ...before } = task.record;
  task.stage = 'live';
  task.held = held;
  task.heldForExecutor = heldForExecutor;
  task.record = { ...before, state: record.state, resources: record.resources };
  holdResources(context.state, task);
  const message = wasUnreachable ? 'Unreachable agent re-reregistered' : 'Unknown agent reregistered';
  noteOfTask(SPAN.reregister, task, { [ATTRIBUTE.detail]: message });
  const status = reregistered(context, task, message);
  setStatus(task, status);
  context.changes.taskLaunched(task);
  tell(context, task, status);
}

/** The agent brings its status to the framework itself, and repeats it until it is acknowledged: here it is noted that it has been told, or will be next. */
function follow(context: OffersContext, task: Task, report: TaskReport): void {
  const status = statusInDelivery(report);
  if (status !== undefined) applyStatus(context, task, status, undefined);
}

/** A reported task; what its executor holds is counted with the first task of the executor only. */
function reportedTask(context: OffersContext, report: TaskReport, agentId: string): Task {
  const { frameworkId } = report;
  const user = context.state.frameworks.get(frameworkId)?.record.info.user ?? '';
  const task = taskOf(report, { agentId, user, nowMs: context.clock.nowMs() });
  const executorId = report.task.executor?.executor_id.value;
  const isCounted =
    executorId !== undefined && context.state.tasks.executors.infoOf(frameworkId, agentId, executorId) !== undefined;
  if (!isCounted) return task;
  return { ...task, heldForExecutor: [], record: { ...task.record, resources: [...task.held] } };
}

/** It should run there, and its agent says that it does not. */
function lose(context: OffersContext, task: Task): void {
  const { frameworkId, taskId, agentId } = task.record;
  const capabilities = context.state.frameworks.get(frameworkId)?.capabilities ?? new Set<string>();
  const status = masterStatus({
    taskId,
    agentId,
    state: stateFor(capabilities, 'TASK_GONE'),
    reason: 'REASON_RECONCILIATION',
    message: 'Reconciliation: Task is unknown to the agent',
    nowMs: context.clock.nowMs(),
  });
  tell(context, task, status);
  endTask(context, task, status);
}

function reregistered(context: OffersContext, task: Task, message: string): TaskStatus {
  const { taskId, agentId, state } = task.record;
  const nowMs = context.clock.nowMs();
  return masterStatus({ taskId, agentId, state, reason: 'REASON_AGENT_REREGISTERED', message, nowMs });
}

function tell(context: OffersContext, task: Task, status: TaskStatus): void {
  const framework = context.state.frameworks.get(task.record.frameworkId);
  if (framework !== undefined) sendEvent(framework, { type: 'UPDATE', update: { status } });
}
