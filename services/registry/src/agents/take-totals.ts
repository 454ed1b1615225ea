import type { AgentResourcesChanged, OffersSnapshot } from '@tranche/contracts';
import type { AgentRoster } from './agent-roster.js';

/**
 * Takes what `offers` states of agents' totals: it applies operations before their agents do. The registry's own next word on them is
 * their next registration, which tells the agents' truth.
 */
export class TakeTotals {
  constructor(private readonly roster: Pick<AgentRoster, 'get' | 'put'>) {}

  /** Unknown agents are ignored. */
  execute({ agentId, resources }: AgentResourcesChanged): void {
    const known = this.roster.get(agentId);
    if (known !== undefined) this.roster.put({ ...known, record: { ...known.record, resources } });
  }

  /** All that differ from what was registered. */
  replace({ totals = [] }: Pick<OffersSnapshot, 'totals'>): void {
    for (const total of totals) this.execute(total);
  }
}
