import { type AgentHeartbeat, queueOf, ReregisterAgentV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { AgentLiveness } from './agent-liveness.js';
import type { AgentRoster } from './agent-roster.js';

/** Takes heartbeats; an agent that is not registered, or no longer, is told to register again. */
export class NoteHeartbeats {
  constructor(
    private readonly roster: AgentRoster,
    private readonly liveness: AgentLiveness,
    private readonly bus: Pick<MessageBus, 'send'>,
    /** Gets what could not be sent: the agent has no queue, so it is not there to be told. */
    private readonly onUnsent: (agentId: string, error: unknown) => void,
  ) {}

  execute(heartbeats: readonly AgentHeartbeat[]): void {
    for (const { agentId } of heartbeats) {
      if (this.roster.noteHeartbeat(agentId)) this.liveness.heard(agentId);
      else this.tellToRegister(agentId);
    }
  }

  private tellToRegister(agentId: string): void {
    const known = this.roster.get(agentId);
    const reason = known === undefined ? 'the registry does not know this agent' : reasonOf(known);
    this.bus.send(ReregisterAgentV1, queueOf('agent', agentId), [{ agentId, reason }]).catch((error: unknown) => {
      this.onUnsent(agentId, error);
    });
  }
}

function reasonOf(known: NonNullable<ReturnType<AgentRoster['get']>>): string {
  if (known.isRecovered) return 'the registry has started anew';
  return `the agent is ${known.record.state}: ${known.record.stateReason ?? 'no reason known'}`;
}
