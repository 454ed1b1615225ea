import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/**
 * The agent shall register again, with what runs on it: the registry does not know it (any more), or `offers` has to know what it runs.
 *
 * All that its sender, and the lives of its queue before it, had sent the agent is handled first, and the registration names the sender (`asked`).
 */
export const ReregisterAgentV1 = command({
  name: 'reregister-agent',
  version: 1,
  owner: 'agent',
  item: Type.Object({ agentId: Type.String(), reason: Type.String() }),
});
export type ReregisterAgent = ItemOf<typeof ReregisterAgentV1>;
