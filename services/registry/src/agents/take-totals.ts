import type { AgentResourcesChanged, OffersSnapshot } from '@tranche/contracts';
import { withChange } from '@tranche/resources';
import type { AgentRoster } from './agent-roster.js';

/**
 * Takes what `offers` states of agents' totals: it applies operations before their agents do. The registry's own next word on them is
 * their next registration, which tells the agents' truth.
 */
export class TakeTotals {
  constructor(private readonly roster: Pick<AgentRoster, 'get' | 'put'>) {}

  /** Unknown agents are ignored. Where `offers` is cut, the shares of its partitions are added up here. */
  execute({ agentId, resources, change }: AgentResourcesChanged): void {
    const known = this.roster.get(agentId);
    if (known === undefined) return;
    const { registered: _before, changes: _shares, ...whole } = known.record;
    const record = change === undefined ? { ...whole, resources } : withChange(known.record, change);
    if (record !== known.record) this.roster.put({ ...known, record });
  }

  /** All that differ from what was registered. */
  replace({ totals = [] }: Pick<OffersSnapshot, 'totals'>): void {
    for (const total of totals) this.execute(total);
  }
}
