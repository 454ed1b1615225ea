import type { AgentRecord } from '@tranche/contracts';
import type { BulkWriter } from '@tranche/persistence';
import type { DataSource, EntitySchema } from 'typeorm';
import type { AgentStore } from './agent-store.port.js';
import { type AgentRow, AgentSchema } from './agent.schema.js';
import type { KnownAgent } from './known-agent.js';

/** Agents in the table `registry_agents`. */
export class TypeormAgentStore implements AgentStore {
  constructor(
    private readonly source: DataSource,
    private readonly writer: BulkWriter,
  ) {}

  async load(): Promise<AgentRecord[]> {
    const rows = await this.source.getRepository<AgentRow>('registry_agent').find();
    return rows
      .map((row) => row.record)
      .toSorted((a, b) => a.registeredAtMs - b.registeredAtMs || a.agentId.localeCompare(b.agentId));
  }

  agentChanged({ record }: KnownAgent): void {
    const { agentId, hostname, state, stateSinceMs } = record;
    const row: AgentRow = { agentId, hostname, state, stateSinceMs, record };
    this.writer.put(AgentSchema as EntitySchema, agentId, { ...row });
  }

  agentForgotten(agentId: string): void {
    this.writer.remove(AgentSchema as EntitySchema, agentId);
  }
}
