import type { UnregisterAgent } from '@tranche/contracts';
import type { AgentCounters } from './agent-counters.js';
import type { AgentLiveness } from './agent-liveness.js';
import type { AgentRoster } from './agent-roster.js';
import type { ChangeAgentState } from './change-agent-state.js';

/** Lets agents go that said good-bye: they have ended their tasks. */
export class UnregisterAgents {
  constructor(
    private readonly roster: AgentRoster,
    private readonly liveness: AgentLiveness,
    private readonly changeState: ChangeAgentState,
    private readonly counters: AgentCounters,
  ) {}

  execute(items: readonly UnregisterAgent[]): void {
    for (const { agentId, reason } of items) {
      this.counters.unregistrationMessages++;
      const known = this.roster.get(agentId);
      if (known === undefined) continue;
      if (this.changeState.execute(known, 'unregistered', reason) === undefined) continue;
      this.liveness.forget(agentId);
      this.counters.unregistered++;
    }
  }
}
