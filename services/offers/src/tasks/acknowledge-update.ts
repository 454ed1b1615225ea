import { isTerminalState, type SchedulerCallAcknowledge } from '@tranche/mesos-api';
import { isReachable } from '../agents/agent.js';
import type { Framework } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { completeTask } from './complete-task.js';
import { isKnown } from './task-table.js';
import { noteAcknowledged } from './task-trace.js';

/**
 * ACKNOWLEDGE: tells the agent, which may then send the task's next update; completes the task when it was its last.
 *
 * The agent forgets a task with its last acknowledgement, and is then no witness of its end any more: it gets that one when the database has the end.
 *
 * Dropped when the agent cannot be reached, when the task is not known (yet), or when no update of it was passed on by this service: the agent repeats it.
 *
 * @returns false: it was dropped
 */
export function acknowledgeUpdate(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents'>,
  framework: Framework,
  acknowledge: SchedulerCallAcknowledge,
): boolean {
  const { frameworkId } = framework;
  const agentId = acknowledge.agent_id.value;
  const taskId = acknowledge.task_id.value;
  const agent = context.state.agents.get(agentId);
  if (agent === undefined || !isReachable(agent)) return false;
  const task = context.state.tasks.get(frameworkId, taskId);
  // Its agent was asked to register, and repeats what is not acknowledged: then it is in the books.
  if (task === undefined && !isKnown(context.state.tasks, { frameworkId, taskId, agentId })) return false;
  noteAcknowledged(task, acknowledge.uuid);
  const item = { frameworkId, taskId, uuid: acknowledge.uuid };
  if (task !== undefined && task.record.agentId === agentId) {
    if (task.forwardedUuid === undefined) return false;
    task.acknowledgedUuid = acknowledge.uuid;
    const isForwarded = task.forwardedUuid === acknowledge.uuid;
    // The end may be booked while an older update is still being acknowledged.
    const isEnd = isTerminalState(task.record.state) && task.record.statuses.at(-1)?.uuid === acknowledge.uuid;
    if (isForwarded && isEnd) completeTask(context, task);
    if (isEnd) {
      context.agents.acknowledgeEnd(agentId, item);
      return true;
    }
  }
  // Of a task that is history it is the end once more: the database may still have to be told of the first.
  if (task === undefined) context.agents.acknowledgeEnd(agentId, item);
  else context.agents.acknowledge(agentId, item);
  return true;
}
