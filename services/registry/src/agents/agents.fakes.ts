import type { AgentRecord, RegisterAgentRequest } from '@tranche/contracts';
import type { AgentObserver } from './agent-roster.js';
import type { KnownAgent } from './known-agent.js';

/** Keeps what a service said, in order: `publish agent.registered.v1`, `declare agent.c-S0` … */
export class FakeBus {
  readonly said: string[] = [];
  readonly items: unknown[] = [];
  /** Queues to which nothing can be sent. */
  readonly missingQueues = new Set<string>();

  publish(contract: { pattern: string }, items: readonly unknown[]): void {
    this.said.push(`publish ${contract.pattern}`);
    this.items.push(...items);
  }

  async send(contract: { pattern: string }, queue: string, items: readonly unknown[]): Promise<void> {
    if (this.missingQueues.has(queue)) throw new Error(`no queue ${queue}`);
    this.said.push(`send ${contract.pattern} to ${queue}`);
    this.items.push(...items);
  }

  async declareQueue(queue: string): Promise<void> {
    this.said.push(`declare ${queue}`);
  }
}

/** Keeps the newest of each agent, as the table does. */
export class FakeTable implements AgentObserver {
  readonly rows = new Map<string, KnownAgent>();

  agentChanged(known: KnownAgent): void {
    this.rows.set(known.record.agentId, known);
  }

  agentForgotten(agentId: string): void {
    this.rows.delete(agentId);
  }
}

export const registerRequest = (more: Partial<RegisterAgentRequest> = {}): RegisterAgentRequest => ({
  hostname: 'n1',
  ip: '10.0.0.1',
  port: 5051,
  version: '0.1.0',
  resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 4 } }],
  attributes: [],
  capabilities: ['MULTI_ROLE'],
  tasks: [],
  frameworks: [],
  ...more,
});

export const agentRecord = (more: Partial<AgentRecord> = {}): AgentRecord => ({
  agentId: 'c-S0',
  hostname: 'n1',
  ip: '10.0.0.1',
  port: 5051,
  version: '0.1.0',
  state: 'active',
  stateSinceMs: 500,
  resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 4 } }],
  attributes: [],
  capabilities: ['MULTI_ROLE'],
  registeredAtMs: 500,
  ...more,
});

export const knownAgent = (record: Partial<AgentRecord> = {}, more: Partial<KnownAgent> = {}): KnownAgent => ({
  record: agentRecord(record),
  isRecovered: false,
  hasHeartbeat: true,
  ...more,
});
