import type { AgentUsage, HeldResources } from '@tranche/contracts';
import type { Resource } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import type { OffersContext } from '../offers-context.js';

/** Everything that is held on an agent, offered or in use, joined by framework and role. */
export function heldOn(state: ClusterState, agentId: string): HeldResources[] {
  const held = new Map<string, HeldResources>();
  const add = (of: { frameworkId: string; role: string }, resources: readonly Resource[]): void => {
    if (resources.length === 0) return;
    const key = `${of.frameworkId}/${of.role}`;
    const sum = held.get(key) ?? { frameworkId: of.frameworkId, role: of.role, agentId, resources: [] };
    sum.resources.push(...resources);
    held.set(key, sum);
  };
  for (const offer of state.offers.ofAgent(agentId)) add(offer.record, offer.held);
  for (const task of state.tasks.ofAgent(agentId)) {
    add(task.record, task.held);
    add(task.record, task.heldForExecutor);
  }
  for (const executor of state.tasks.executors.idleOn(agentId)) add(executor, executor.held);
  return [...held.values()];
}

/** What the allocator has to believe about an agent, and up to which of its own allocations this is the truth. */
export function usageOf(state: ClusterState, agentId: string): AgentUsage {
  const seen = state.seenAllocation;
  const change = state.totals.changeOf(agentId);
  const isTotalTold = change === undefined && state.totals.isChanged(agentId);
  return {
    agentId,
    held: heldOn(state, agentId),
    ...(change === undefined ? {} : { change }),
    ...(isTotalTold ? { total: [...(state.totals.documentsOf(agentId) ?? [])] } : {}),
    ...(seen === undefined ? {} : { seenEpoch: seen.epoch, seenRun: seen.run }),
  };
}

export function reportUsage(context: Pick<OffersContext, 'state' | 'allocator'>, agentId: string): void {
  context.allocator.usage(usageOf(context.state, agentId));
}
