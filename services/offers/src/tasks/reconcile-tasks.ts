import { fromMs, type SchedulerCallReconcileTask, type TaskState, type TaskStatus } from '@tranche/mesos-api';
import { whenTold } from '../agents/ask-agents.js';
import { type Framework, sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { Task } from './task.js';
import { stateFor } from './task-state.js';
import { masterStatus } from './task-status.js';

type Context = Pick<OffersContext, 'state' | 'agents' | 'clock'>;

/**
 * RECONCILE: one UPDATE per task asked for; without any, one per live task of the framework.
 *
 * A task that is not known here is answered for when its agent has told all that it was sent before this life of the service: at once as a rule.
 */
export function reconcileTasks(
  context: Context,
  framework: Framework,
  asked: readonly SchedulerCallReconcileTask[],
): void {
  const nowMs = context.clock.nowMs();
  if (asked.length === 0) {
    for (const task of context.state.tasks.ofFramework(framework.frameworkId)) {
      if (task.stage === 'live') tell(framework, latestStatus(task, nowMs));
    }
  }
  for (const one of asked) {
    whenDecided(context, framework, one, () => {
      const status = reconcileTask(context.state, framework, one, context.clock.nowMs());
      if (status !== undefined) tell(framework, status);
    });
  }
}

const tell = (framework: Framework, status: TaskStatus): void =>
  sendEvent(framework, { type: 'UPDATE', update: { status } });

/** Goes on when it is known whether there is such a task: at once, or when those have told who may have it. */
export function whenDecided(
  context: Context,
  { frameworkId }: Framework,
  { task_id, agent_id }: SchedulerCallReconcileTask,
  then: () => void,
): void {
  const taskId = task_id.value;
  if (context.state.tasks.get(frameworkId, taskId) !== undefined) return then();
  const key = `task ${frameworkId} ${taskId}`;
  whenTold(context, { key, agentId: agent_id?.value, reason: `task ${taskId} is asked for and is not known` }, then);
}

/** The state of a known task once more, as a reconciliation answer: no uuid, to be seen and not acknowledged. */
function latestStatus(task: Task, nowMs: number): TaskStatus {
  const { record } = task;
  const told = lastTold(task);
  const { healthy, check_status, container_status } = told ?? {};
  return {
    ...masterStatus({
      taskId: record.taskId,
      agentId: record.agentId,
      executorId: record.info.executor?.executor_id.value,
      state: told?.state ?? record.state,
      reason: 'REASON_RECONCILIATION',
      message: 'Reconciliation: Latest task state',
      nowMs,
    }),
    ...(healthy === undefined ? {} : { healthy }),
    ...(check_status === undefined ? {} : { check_status }),
    ...(container_status === undefined ? {} : { container_status }),
  };
}

/** The newest status that the framework was told: one that is only noted will still come to it in its turn. */
function lastTold({ record, forwardedUuid }: Task): TaskStatus | undefined {
  const last = record.statuses.at(-1);
  if (last?.uuid === undefined || last.uuid === forwardedUuid) return last;
  return record.statuses.findLast(({ uuid }) => uuid === forwardedUuid) ?? last;
}

/**
 * What is known of one task; the first rule that fits.
 *
 * @returns undefined while the registry has not said which agents there are
 * @source scheduler API §10
 */
function reconcileTask(
  state: OffersContext['state'],
  framework: Framework,
  asked: SchedulerCallReconcileTask,
  nowMs: number,
): TaskStatus | undefined {
  const task = state.tasks.get(framework.frameworkId, asked.task_id.value);
  if (task?.stage === 'live') return latestStatus(task, nowMs);
  const agentId = asked.agent_id?.value ?? task?.record.agentId;
  const agent = agentId === undefined ? undefined : state.agents.get(agentId);
  if (agent === undefined && !state.agents.isComplete) return undefined;

  const answer = (taskState: TaskState, message: string): TaskStatus =>
    masterStatus({
      taskId: asked.task_id.value,
      agentId,
      state: taskState,
      reason: 'REASON_RECONCILIATION',
      message: `Reconciliation: ${message}`,
      nowMs,
    });
  const told = (precise: Parameters<typeof stateFor>[1]): TaskState => stateFor(framework.capabilities, precise);
  switch (agent?.record.state) {
    case 'active':
    case 'deactivated':
    case 'disconnected':
      return answer(told('TASK_GONE'), 'Task is unknown to the agent');
    case 'unreachable': {
      const status = answer(told('TASK_UNREACHABLE'), 'Task is unreachable');
      const isTold = status.state === 'TASK_UNREACHABLE';
      return isTold ? { ...status, unreachable_time: fromMs(agent.record.stateSinceMs) } : status;
    }
    case 'gone':
      return answer(told('TASK_GONE_BY_OPERATOR'), 'Task is gone');
    default:
      return answer(told('TASK_UNKNOWN'), 'Task is unknown');
  }
}
