import type { LaunchTaskGroups, LaunchTasks } from '@tranche/contracts';
import type { ExecutorInfo } from '@tranche/mesos-api';
import type { LaunchDelivery } from '../agents/agent-commands.port.js';
import { sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { endTask } from './complete-task.js';
import { executorOf, type Task } from './task.js';
import { stateFor } from './task-state.js';
import { masterStatus } from './task-status.js';
import { storedOf } from './task-trace.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'clock'>;

/**
 * Sends tasks that are in the books to their agent, those of a group together.
 *
 * @returns when the broker has them. Those that it cannot have are lost, and their framework has been told why: never silence. False when this
 * life of the service has ended meanwhile: what became of them is not known here
 */
export async function launchTasks(context: Context, agentId: string, tasks: readonly Task[]): Promise<boolean> {
  const single = tasks.filter(({ groupId }) => groupId === undefined);
  const grouped = tasks.filter(({ groupId }) => groupId !== undefined);
  const items = single.flatMap((task) => launchOf(context, task));
  const isKnown = items.length === 0 || loseUnless(context, await context.agents.launch(agentId, items), single);
  const groups = groupsOf(context, grouped);
  if (groups.length === 0) return isKnown;
  return loseUnless(context, await context.agents.launchGroups(agentId, groups), grouped) && isKnown;
}

function launchOf(context: Context, task: Task): LaunchTasks[] {
  const { agentId, frameworkId, info, role } = task.record;
  const framework = context.state.frameworks.get(frameworkId)?.record.info;
  return framework === undefined
    ? []
    : [{ agentId, frameworkId, framework, task: info, role, ...storedOf(task.record) }];
}

function groupsOf(context: Context, tasks: readonly Task[]): LaunchTaskGroups[] {
  const byGroup = Map.groupBy(tasks, ({ record, groupId }) => JSON.stringify([record.frameworkId, groupId]));
  return [...byGroup.values()].flatMap((group) => {
    const [first] = group;
    const executor: ExecutorInfo | undefined = first === undefined ? undefined : executorOf(first);
    if (first === undefined || executor === undefined) return [];
    return launchOf(context, first).map(({ task: _first, ...launch }) => ({
      ...launch,
      executor,
      taskGroup: { tasks: group.map(({ record }) => record.info) },
    }));
  });
}

/** @returns whether it is known what became of them */
function loseUnless(context: Context, delivery: LaunchDelivery, tasks: readonly Task[]): boolean {
  if (delivery === 'abandoned') return false;
  if (delivery !== 'delivered') for (const task of tasks) loseUndelivered(context, task, delivery);
  return true;
}

function loseUndelivered(context: Context, task: Task, delivery: 'agent-gone' | 'broker-away'): void {
  const { frameworkId, taskId, agentId } = task.record;
  const framework = context.state.frameworks.get(frameworkId);
  const isStillMeant = context.state.tasks.get(frameworkId, taskId) === task && task.record.statuses.length === 0;
  if (framework === undefined || !isStillMeant) return;
  const status = masterStatus({
    taskId,
    agentId,
    state: stateFor(framework.capabilities, 'TASK_DROPPED'),
    reason: delivery === 'agent-gone' ? 'REASON_AGENT_REMOVED' : 'REASON_AGENT_DISCONNECTED',
    message: delivery === 'agent-gone' ? 'Agent removed' : 'Agent disconnected',
    nowMs: context.clock.nowMs(),
  });
  sendEvent(framework, { type: 'UPDATE', update: { status } });
  endTask(context, task, status);
}
