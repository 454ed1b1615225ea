import type { AgentRecord } from '@tranche/contracts';

/** An agent as the registry last described it. */
export interface Agent {
  readonly agentId: string;
  readonly record: AgentRecord;
  readonly capabilities: ReadonlySet<string>;
  /** Known to the registry from before its restart, and has not said since what runs on it. */
  readonly isRecovered: boolean;
}

export const agentOf = (record: AgentRecord, isRecovered = false): Agent => ({
  agentId: record.agentId,
  record,
  capabilities: new Set(record.capabilities),
  isRecovered,
});

/** Offers of it may be made and accepted. */
export const isActive = (agent: Agent): boolean => agent.record.state === 'active';

/** It can be sent messages: active, or kept from new work. */
export const isReachable = (agent: Pick<Agent, 'record'>): boolean =>
  agent.record.state === 'active' || agent.record.state === 'deactivated';
