import type { AgentRecord } from '@tranche/contracts';
import type { AgentObserver } from './agent-roster.js';

/** Where agents are kept beyond the registry's life. Changes are written behind; it is read once, at start. */
export interface AgentStore extends AgentObserver {
  /** All stored agents, by first registration. */
  load(): Promise<AgentRecord[]>;
}
