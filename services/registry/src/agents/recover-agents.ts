import type { AgentRoster } from './agent-roster.js';
import { isPresent } from './agent-state.js';
import type { AgentStore } from './agent-store.port.js';

/**
 * Brings back the agents of the registry's last life, before anything is served. The store observes the roster from
 * then on.
 *
 * Those that were present are known but have to register again: what they are and what runs on them is theirs to say. Those that were
 * away are as they were.
 */
export async function recoverAgents(store: AgentStore, roster: AgentRoster): Promise<void> {
  for (const record of await store.load()) {
    roster.put({ record, isRecovered: isPresent(record.state), hasHeartbeat: false });
  }
  roster.observe(store);
}
