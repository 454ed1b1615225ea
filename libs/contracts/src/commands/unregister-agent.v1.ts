import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/** An agent stops for good and has ended its tasks. Sent by the agent on an orderly stop. Unknown ids are ignored. */
export const UnregisterAgentV1 = command({
  name: 'unregister-agent',
  version: 1,
  owner: 'registry',
  item: Type.Object({ agentId: Type.String(), reason: Type.String() }),
});
export type UnregisterAgent = ItemOf<typeof UnregisterAgentV1>;
