import {
  type AgentRecord,
  type AgentResourcesChanged,
  type AgentStateChanged,
  isPresentState,
  type OffersSnapshot,
} from '@tranche/contracts';
import type { FactEffect } from '@tranche/messaging';
import { carryingChanges, withChange } from '@tranche/resources';

/** Hears what an agent has, whenever that changes; of one that is not there any more with no resources. */
export type OnAgent = (record: AgentRecord) => void;

/**
 * What agents have, as `registry` states it and as operations have changed it since, which `offers` states.
 *
 * Where `offers` is cut, the shares of its partitions are added up here.
 */
export class AgentResources {
  private readonly records = new Map<string, AgentRecord>();

  /** Rises with every change. */
  revision = 0;

  constructor(private readonly onAgent: OnAgent = () => undefined) {}

  /** Of agents that are present, by their admission. */
  all(): AgentRecord[] {
    return [...this.records.values()];
  }

  get(agentId: string): AgentRecord | undefined {
    return this.records.get(agentId);
  }

  registered(stated: AgentRecord): FactEffect {
    if (!isPresentState(stated.state)) return this.gone(stated.agentId);
    this.put(carryingChanges(stated, this.records.get(stated.agentId)));
    return 'applied';
  }

  /** One that comes back registers again, with what it has. */
  stateChanged({ agentId, state }: AgentStateChanged): FactEffect {
    const known = this.records.get(agentId);
    if (!isPresentState(state)) return this.gone(agentId);
    if (known !== undefined) this.put({ ...known, state });
    return 'applied';
  }

  /** Unknown agents are ignored: their registration says it all. */
  changed({ agentId, resources, change }: AgentResourcesChanged): FactEffect {
    const known = this.records.get(agentId);
    if (known === undefined) return 'applied';
    const { registered: _before, changes: _shares, ...whole } = known;
    this.put(change === undefined ? { ...whole, resources } : withChange(known, change));
    return 'applied';
  }

  replaceAgents(agents: readonly AgentRecord[]): void {
    const present = new Set(agents.map(({ agentId }) => agentId));
    for (const agentId of [...this.records.keys()]) if (!present.has(agentId)) this.gone(agentId);
    for (const agent of agents) this.registered(agent);
  }

  /** All totals that differ from what was registered. */
  replaceTotals({ totals = [] }: Pick<OffersSnapshot, 'totals'>): void {
    for (const total of totals) this.changed(total);
  }

  private put(record: AgentRecord): void {
    this.revision++;
    this.records.set(record.agentId, record);
    this.onAgent(record);
  }

  private gone(agentId: string): FactEffect {
    const known = this.records.get(agentId);
    if (known === undefined) return 'applied';
    this.revision++;
    this.records.delete(agentId);
    this.onAgent({ ...known, state: 'removed', resources: [] });
    return 'applied';
  }
}
