import type { Client } from '../frameworks/framework.js';
import type { AgentRow } from './agent-row.js';
import type { Bundle } from './bundle.js';

/** What one framework holds in one role on one agent, offered or in use. Never empty while it is listed. */
export interface Hold {
  readonly client: Client;
  readonly agent: AgentRow;
  bundle: Bundle;
  /** Positions in the lists of the agent and of the client, so that it leaves both at once. */
  agentPosition: number;
  clientPosition: number;
}

export function findHold(client: Client, agent: AgentRow): Hold | undefined {
  // Most agents have few holders; a client may be on very many agents.
  for (const hold of agent.holds) if (hold.client === client) return hold;
  return undefined;
}

export function addHold(client: Client, agent: AgentRow, bundle: Bundle): Hold {
  const hold: Hold = {
    client,
    agent,
    bundle,
    agentPosition: agent.holds.length,
    clientPosition: client.holds.length,
  };
  agent.holds.push(hold);
  client.holds.push(hold);
  return hold;
}

/** Takes it off both lists; the last entry of each moves into the gap. */
export function removeHold(hold: Hold): void {
  const ofAgent = hold.agent.holds.pop() as Hold;
  if (ofAgent !== hold) {
    hold.agent.holds[hold.agentPosition] = ofAgent;
    ofAgent.agentPosition = hold.agentPosition;
  }
  const ofClient = hold.client.holds.pop() as Hold;
  if (ofClient !== hold) {
    hold.client.holds[hold.clientPosition] = ofClient;
    ofClient.clientPosition = hold.clientPosition;
  }
}
