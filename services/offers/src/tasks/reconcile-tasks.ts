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
 * Whether it is known here or not, a task is answered for when its agent has told all that it was sent before this life of the service: at once as a
 * rule. What the database says of it may be older than what the framework has acknowledged to the life before.
 */
export function reconcileTasks(
  context: Context,
  framework: Framework,
  asked: readonly SchedulerCallReconcileTask[],
): void {
  const live = asked.length === 0 ? [...context.state.tasks.ofFramework(framework.frameworkId)].filter(isLive) : [];
  for (const { record } of live) reconcileOne(context, framework, { task_id: { value: record.taskId } });
  for (const one of asked) reconcileOne(context, framework, one);
}

function reconcileOne(context: Context, framework: Framework, asked: SchedulerCallReconcileTask): void {
  const { tasks } = context.state;
  const known = tasks.get(framework.frameworkId, asked.task_id.value);
  const ended = new Set(endedOf(tasks, framework, asked));
  const answer = (): void => {
    // One that has ended while the answer waited has been told so, whether it was known then or its agent has told of it since.
    if (endedOf(tasks, framework, asked).some((task) => !ended.has(task))) return;
    const status = reconcileTask(context.state, framework, asked, context.clock.nowMs());
    if (status !== undefined) sendEvent(framework, { type: 'UPDATE', update: { status } });
  };
  if (known !== undefined && isLive(known)) whenAgentTold(context, framework, known, answer);
  else whenDecided(context, framework, asked, answer);
}

/** Tasks with the id that are asked for which have ended, and whose framework knows it. */
const endedOf = (
  tasks: Pick<OffersContext['state']['tasks'], 'withId'>,
  { frameworkId }: Framework,
  { task_id }: SchedulerCallReconcileTask,
): Task[] =>
  tasks
    .withId(task_id.value)
    .filter(({ stage, record }) => stage === 'completed' && record.frameworkId === frameworkId);

const isLive = ({ stage }: Task): boolean => stage === 'live';

/** Goes on when the agent of a live task has said what the framework was told last: at once, unless the service has been taken over lately. */
function whenAgentTold(context: Context, { frameworkId }: Framework, { record }: Task, then: () => void): void {
  const { taskId, agentId } = record;
  whenTold(context, { key: keyOf(frameworkId, taskId), agentId, reason: `task ${taskId} is asked for` }, then);
}

/** The same question twice is answered once. */
const keyOf = (frameworkId: string, taskId: string): string => `task ${frameworkId} ${taskId}`;

/** Goes on when it is known whether there is such a task: at once, or when those have told who may have it. */
export function whenDecided(
  context: Context,
  { frameworkId }: Framework,
  { task_id, agent_id }: SchedulerCallReconcileTask,
  then: () => void,
): void {
  const taskId = task_id.value;
  if (context.state.tasks.get(frameworkId, taskId) !== undefined) return then();
  const reason = `task ${taskId} is asked for and is not known`;
  whenTold(context, { key: keyOf(frameworkId, taskId), agentId: agent_id?.value, reason }, then);
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
  const live = task !== undefined && isLive(task) ? task : undefined;
  const agentId = live?.record.agentId ?? asked.agent_id?.value ?? task?.record.agentId;
  const agent = agentId === undefined ? undefined : state.agents.get(agentId);
  if (agent === undefined && !state.agents.isComplete) return undefined;
  if (live !== undefined) return latestStatus(live, nowMs);

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
