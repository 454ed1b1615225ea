import { Controller } from '@nestjs/common';
import {
  type AgentDrained,
  AgentDrainedV1,
  type AgentHeartbeat,
  AgentHeartbeatV1,
  type RegisterAgentRequest,
  type RegisterAgentResponse,
  RegisterAgentV1,
  type RegistrySnapshot,
  RegistrySnapshotV1,
  type UnregisterAgent,
  UnregisterAgentV1,
} from '@tranche/contracts';
import { Handles, MessageBus } from '@tranche/messaging';
import { DrainAgent } from '../draining/drain-agent.js';
import { AgentRoster } from './agent-roster.js';
import { statedRecord } from './known-agent.js';
import { NoteHeartbeats } from './note-heartbeats.js';
import { RegisterAgent } from './register-agent.js';
import { UnregisterAgents } from './unregister-agents.js';

/** What agents tell the registry, and what other services ask of it about them. */
@Controller()
export class AgentsConsumer {
  constructor(
    private readonly register: RegisterAgent,
    private readonly heartbeats: NoteHeartbeats,
    private readonly unregister: UnregisterAgents,
    private readonly draining: DrainAgent,
    private readonly roster: AgentRoster,
    private readonly bus: MessageBus,
  ) {}

  @Handles(RegisterAgentV1)
  async registerAgent(request: RegisterAgentRequest): Promise<RegisterAgentResponse> {
    const answer = await this.register.execute(request);
    if (answer.ok) this.draining.remind(answer.agentId);
    return answer;
  }

  @Handles(AgentDrainedV1)
  agentsDrained(items: AgentDrained[]): void {
    for (const { agentId } of items) this.draining.drained(agentId);
  }

  @Handles(AgentHeartbeatV1)
  noteHeartbeats(items: AgentHeartbeat[]): void {
    this.heartbeats.execute(items);
  }

  @Handles(UnregisterAgentV1)
  unregisterAgents(items: UnregisterAgent[]): void {
    this.unregister.execute(items);
  }

  @Handles(RegistrySnapshotV1)
  snapshot(): RegistrySnapshot {
    return { asOf: this.bus.factNumbers(), agents: Array.from(this.roster.all(), statedRecord) };
  }
}
