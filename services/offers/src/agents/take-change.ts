import type { AgentResourcesChanged } from '@tranche/contracts';
import { withChange } from '@tranche/resources';
import { isThere } from '../offers/make-offers.js';
import { rescindOffer } from '../offers/return-offer.js';
import type { OffersContext } from '../offers-context.js';
import { agentOf } from './agent.js';

/**
 * Operations of another partition's frameworks have changed what an agent has: the books follow, and offers of what is no longer there are
 * rescinded. What this partition has said itself, and what is of agents that are not known, is ignored.
 */
export function takeChange(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes'>,
  { agentId, change }: AgentResourcesChanged,
): void {
  const { state } = context;
  const agent = state.agents.get(agentId);
  if (change === undefined || change.partition === state.partition.index || agent === undefined) return;
  state.agents.set(agentOf(withChange(agent.record, change), agent.isRecovered));
  for (const offer of state.offers.ofAgent(agentId)) {
    if (!isThere(state, agentId, offer.held)) rescindOffer(context, offer);
  }
}
