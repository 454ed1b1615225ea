import type { AgentRegistered, FrameworkReport } from '@tranche/contracts';
import { reconcileExecutors } from '../executors/idle-executors.js';
import { adoptFramework } from '../frameworks/adopt-framework.js';
import { isConnected } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { rescindOffer } from '../offers/return-offer.js';
import { sendKill } from '../tasks/kill-task.js';
import { agentOf } from './agent.js';
import { changeUnavailability } from './change-unavailability.js';
import { planReconciliation } from './plan-reconciliation.js';
import { reconcileAgent } from './reconcile-agent.js';
import { reportUsage } from './report-usage.js';

/**
 * An agent was admitted, for the first time or again: the books follow what it says of itself, and the allocator learns what is held there,
 * whereupon it offers the rest.
 */
export function registerAgent(context: OffersContext, registered: AgentRegistered): void {
  const { agent, tasks, frameworks, executors = [] } = registered;
  const { state } = context;
  const before = state.agents.get(agent.agentId);
  changeUnavailability(context, agent.agentId, agent.unavailability);
  state.agents.set(agentOf(agent));
  const changed = before !== undefined && !sameTotal(before.record.resources, agent.resources);
  if (changed) for (const offer of state.offers.ofAgent(agent.agentId)) rescindOffer(context, offer);

  meetFrameworks(context, agent.agentId, frameworks);
  const reports = tasks.filter(({ frameworkId }) => state.frameworks.get(frameworkId) !== undefined);
  const plan = planReconciliation(state.tasks.ofAgent(agent.agentId), reports);
  reconcileAgent(context, agent, plan, before?.record.state === 'unreachable');
  reconcileExecutors(context, agent.agentId, executors);
  for (const task of plan.killAgain) sendKill(context, task, task.kill?.policy);
  reportUsage(context, agent.agentId);
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

/** Offers of an agent whose total has changed may be of what is no longer there. */
const sameTotal = (before: readonly unknown[], now: readonly unknown[]): boolean =>
  JSON.stringify(before) === JSON.stringify(now);
