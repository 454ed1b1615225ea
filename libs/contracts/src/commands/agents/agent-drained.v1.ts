import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * The agent is empty: no task, no update and no operation that waits for its acknowledgement.
 *
 * Sent by the agent once for each `drain-agent`, at once when it is empty already. `registry` ignores it of an agent that it does not
 * drain.
 */
export const AgentDrainedV1 = command({
  name: 'agent-drained',
  version: 1,
  owner: 'registry',
  item: Type.Object({ agentId: Type.String() }),
});
export type AgentDrained = ItemOf<typeof AgentDrainedV1>;
