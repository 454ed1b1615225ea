import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/** The registry does not know the agent (any more): it shall register again, with what runs on it. */
export const ReregisterAgentV1 = command({
  name: 'reregister-agent',
  version: 1,
  owner: 'agent',
  item: Type.Object({ agentId: Type.String(), reason: Type.String() }),
});
export type ReregisterAgent = ItemOf<typeof ReregisterAgentV1>;
