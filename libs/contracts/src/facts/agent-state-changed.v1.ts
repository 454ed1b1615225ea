import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { word } from '../document.js';
import { AGENT_STATES, DRAIN_STATES } from '../records/agent-record.js';

/**
 * An agent changed its standing: silent too long, said good-bye, taken out by an operator, or back.
 *
 * Published by `registry`. Unreachable, removed and gone agents leave the allocator; their offers are rescinded and their tasks
 * answered for by `offers`. An unknown agent id is ignored.
 */
export const AgentStateChangedV1 = fact({
  name: 'agent.state-changed',
  version: 1,
  isTransient: true,
  owner: 'registry',
  item: Type.Object({
    agentId: Type.String(),
    state: word(AGENT_STATES),
    /** For people: `health check timed out after 75 s`. */
    reason: Type.String(),
    /** Milliseconds since the epoch. */
    atMs: Type.Number(),
    /** How far it is with being drained; absent when it is not. A deactivated agent that is empty is stated once more. */
    drain: Type.Optional(word(DRAIN_STATES)),
  }),
});
export type AgentStateChanged = ItemOf<typeof AgentStateChangedV1>;
