import type { TaskInfo, TaskState, TaskStatusReason } from '@tranche/mesos-api';
import { type Framework, sendEvent } from '../../frameworks/framework.js';
import type { OffersContext } from '../../offers-context.js';
import { stateFor } from '../task-state.js';
import { masterStatus } from '../task-status.js';

type Context = Pick<OffersContext, 'clock'>;

/** Tasks that cannot be launched as they are: they never enter the books. */
export function refuseTasks(
  context: Context,
  framework: Framework,
  tasks: readonly TaskInfo[],
  message: string,
  reason: TaskStatusReason = 'REASON_TASK_INVALID',
): void {
  tell(context, framework, tasks, { state: 'TASK_ERROR', reason, message });
}

/** Tasks whose offers or agent are gone: the framework may launch them elsewhere. */
export function dropTasks(
  context: Context,
  framework: Framework,
  tasks: readonly TaskInfo[],
  reason: TaskStatusReason,
  message: string,
): void {
  tell(context, framework, tasks, { state: stateFor(framework.capabilities, 'TASK_DROPPED'), reason, message });
}

function tell(
  context: Context,
  framework: Framework,
  tasks: readonly TaskInfo[],
  what: { readonly state: TaskState; readonly reason: TaskStatusReason; readonly message: string },
): void {
  const nowMs = context.clock.nowMs();
  for (const { task_id, agent_id } of tasks) {
    const status = masterStatus({ taskId: task_id.value, agentId: agent_id.value, nowMs, ...what });
    sendEvent(framework, { type: 'UPDATE', update: { status } });
  }
}
