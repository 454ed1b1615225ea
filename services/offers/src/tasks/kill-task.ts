import type { KillPolicy, SchedulerCallKill } from '@tranche/mesos-api';
import type { Framework } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { reconcileTasks, whenDecided } from './reconcile-tasks.js';
import type { Task } from './task.js';

type Context = Pick<OffersContext, 'state' | 'agents' | 'clock'>;

/**
 * KILL: passed on to the task's agent, and remembered for the case that the agent has to register again first.
 *
 * A task that is not live here is answered as an explicit RECONCILE of it, and ended if its agent turns out to have it; a task that runs on another agent than the one named is left
 * alone (scheduler API §9).
 */
export function killTask(context: Context, framework: Framework, kill: SchedulerCallKill): void {
  const task = context.state.tasks.get(framework.frameworkId, kill.task_id.value);
  if (task?.stage !== 'live') {
    const { task_id, agent_id } = kill;
    const asked = { task_id, ...(agent_id === undefined ? {} : { agent_id }) };
    return whenDecided(context, framework, asked, () => {
      const isFound = task === undefined && context.state.tasks.get(framework.frameworkId, task_id.value) !== undefined;
      if (isFound) killTask(context, framework, kill);
      else reconcileTasks(context, framework, [asked]);
    });
  }
  if (kill.agent_id !== undefined && kill.agent_id.value !== task.record.agentId) return;
  sendKill(context, task, kill.kill_policy);
}

/** Tells the agent of a live task to end it. @param policy overrides the task's own */
export function sendKill(context: Pick<OffersContext, 'agents'>, task: Task, policy: KillPolicy | undefined): void {
  task.kill = policy === undefined ? {} : { policy };
  const { agentId, frameworkId, taskId } = task.record;
  context.agents.kill(agentId, { frameworkId, taskId, ...(policy === undefined ? {} : { killPolicy: policy }) });
}
