import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * The agent was declared gone, or its machine goes down: it ends what it has and stops.
 *
 * Sent by `registry`, which has answered for its tasks already. An agent that does not get it is refused when it registers, and ends then.
 */
export const ShutdownAgentV1 = command({
  name: 'shutdown-agent',
  version: 1,
  owner: 'agent',
  item: Type.Object({ agentId: Type.String(), reason: Type.String() }),
});
export type ShutdownAgent = ItemOf<typeof ShutdownAgentV1>;
