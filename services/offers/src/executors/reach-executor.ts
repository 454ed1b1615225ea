import type { SchedulerCallMessage, SchedulerCallShutdown } from '@tranche/mesos-api';
import { isReachable } from '../agents/agent.js';
import type { Framework } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';

type Context = Pick<OffersContext, 'state' | 'agents'>;

/**
 * SHUTDOWN: passed on to the agent. An executor that nobody here knows of is the agent's to judge, since it may have started after the last
 * thing that was heard of it; an unknown agent, or one that cannot be reached, is ignored.
 *
 * @source scheduler API §4
 */
export function shutdownExecutor({ state, agents }: Context, framework: Framework, call: SchedulerCallShutdown): void {
  const agentId = call.agent_id.value;
  if (!reaches(state, agentId)) return;
  agents.shutdownExecutor(agentId, { agentId, frameworkId: framework.frameworkId, executorId: call.executor_id.value });
}

/** MESSAGE: best effort. Dropped when the agent is unknown or cannot be reached. @returns false: it was dropped */
export function messageExecutor({ state, agents }: Context, framework: Framework, call: SchedulerCallMessage): boolean {
  const agentId = call.agent_id.value;
  if (!reaches(state, agentId)) return false;
  const executorId = call.executor_id.value;
  agents.deliverMessage(agentId, { agentId, frameworkId: framework.frameworkId, executorId, data: call.data });
  return true;
}

function reaches(state: OffersContext['state'], agentId: string): boolean {
  const agent = state.agents.get(agentId);
  return agent !== undefined && isReachable(agent);
}
