import type { Resource } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import type { AgentTable } from './agent-table.js';

/** Totals of agents whose resources operations have changed since they registered. The others have what the registry states. */
export class AgentTotals {
  private readonly changed = new Map<string, readonly Resource[]>();

  constructor(private readonly agents: Pick<AgentTable, 'get'>) {}

  /** All that an agent has, without allocation roles; undefined for an unknown agent. */
  documentsOf(agentId: string): readonly Resource[] | undefined {
    return this.changed.get(agentId) ?? this.agents.get(agentId)?.record.resources;
  }

  of(agentId: string): Resources {
    return Resources.fromJson(this.documentsOf(agentId) ?? []).withoutAllocationRole();
  }

  /** @param resources undefined: as the registry states */
  set(agentId: string, resources: readonly Resource[] | undefined): void {
    if (resources === undefined) this.changed.delete(agentId);
    else this.changed.set(agentId, resources);
  }

  isChanged(agentId: string): boolean {
    return this.changed.has(agentId);
  }

  allChanged(): IterableIterator<[agentId: string, resources: readonly Resource[]]> {
    return this.changed.entries();
  }
}
