import { type AgentChange, type AgentRecord, type Partition, WHOLE } from '@tranche/contracts';
import type { Resource } from '@tranche/mesos-api';
import { type Conversion, changeOf, Resources, withConversion, withTotal } from '@tranche/resources';
import { agentOf } from './agent.js';
import type { AgentTable } from './agent-table.js';

/** All that an agent has, as it is told to others; `change` is our share in that where the service is cut. */
export interface TotalStatement {
  readonly agentId: string;
  readonly resources: readonly Resource[];
  readonly change?: AgentChange;
}

/**
 * Totals of agents whose resources operations have changed since they registered. The others have what the registry states.
 *
 * Where the service is cut, operations of other partitions change them as well: each partition has its own share in a total, kept in the
 * agent's record beside those of the others.
 */
export class AgentTotals {
  /** Whole totals; unused where the service is cut. */
  private readonly changed = new Map<string, readonly Resource[]>();

  constructor(
    private readonly agents: Pick<AgentTable, 'get' | 'set' | 'all'>,
    private readonly partition: Partition = WHOLE,
  ) {}

  /** All that an agent has, without allocation roles; undefined for an unknown agent. */
  documentsOf(agentId: string): readonly Resource[] | undefined {
    return this.changed.get(agentId) ?? this.agents.get(agentId)?.record.resources;
  }

  of(agentId: string): Resources {
    return Resources.fromJson(this.documentsOf(agentId) ?? []).withoutAllocationRole();
  }

  /** An operation was done in the books. @param total what it makes of the agent's total */
  convert(agentId: string, conversion: Conversion, total: Resources): void {
    if (!this.isCut) this.changed.set(agentId, total.toJson());
    else this.change(agentId, (record) => withConversion(record, this.partition.index, conversion));
  }

  /** An agent has registered. @param total what it has once our operations that are still to be done are done; undefined: what it says */
  registered(agentId: string, total: Resources | undefined): void {
    if (!this.isCut) this.set(agentId, total?.toJson());
    else if (total !== undefined) this.change(agentId, (record) => withTotal(record, this.partition.index, total));
  }

  /** @param resources undefined: as the registry states */
  set(agentId: string, resources: readonly Resource[] | undefined): void {
    if (resources === undefined) this.changed.delete(agentId);
    else this.changed.set(agentId, resources);
  }

  /** Whether operations of ours have changed what the registry would state without them. */
  isChanged(agentId: string): boolean {
    if (!this.isCut) return this.changed.has(agentId);
    const { minus, plus } = this.shareIn(agentId);
    return minus.length > 0 || plus.length > 0;
  }

  statementOf(agentId: string): TotalStatement {
    const resources = this.documentsOf(agentId) ?? [];
    return { agentId, resources, ...(this.isCut ? { change: this.shareIn(agentId) } : {}) };
  }

  /** Our share in an agent's total, of a service that is cut; undefined: it is not, and totals are ours alone. */
  changeOf(agentId: string): AgentChange | undefined {
    return this.isCut ? this.shareIn(agentId) : undefined;
  }

  allChanged(): TotalStatement[] {
    const agentIds = this.isCut ? Array.from(this.agents.all(), ({ agentId }) => agentId) : [...this.changed.keys()];
    return agentIds.filter((agentId) => this.isChanged(agentId)).map((agentId) => this.statementOf(agentId));
  }

  private get isCut(): boolean {
    return this.partition.count > 1;
  }

  private shareIn(agentId: string): AgentChange {
    const record = this.agents.get(agentId)?.record;
    const { index } = this.partition;
    return record === undefined ? { partition: index, asOfMs: 0, minus: [], plus: [] } : changeOf(record, index);
  }

  private change(agentId: string, change: (record: AgentRecord) => AgentRecord): void {
    const agent = this.agents.get(agentId);
    if (agent !== undefined) this.agents.set(agentOf(change(agent.record), agent.isRecovered));
  }
}
