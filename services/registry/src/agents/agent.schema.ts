import type { AgentRecord } from '@tranche/contracts';
import { entityColumn } from '@tranche/persistence';
import { EntitySchema } from 'typeorm';

/** One agent as it is stored. The record is whole; the columns beside it are for people who look into the database. */
export interface AgentRow {
  agentId: string;
  hostname: string;
  state: string;
  stateSinceMs: number;
  record: AgentRecord;
}

export const AgentSchema = new EntitySchema<AgentRow>({
  name: 'registry_agent',
  tableName: 'registry_agents',
  columns: {
    agentId: { ...entityColumn('key', { primary: true }), name: 'agent_id' },
    hostname: entityColumn('text'),
    state: entityColumn('key'),
    stateSinceMs: { ...entityColumn('milliseconds'), name: 'state_since_ms' },
    record: entityColumn('json'),
  },
});
