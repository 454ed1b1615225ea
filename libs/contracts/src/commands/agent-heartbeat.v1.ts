import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/** An agent lives. Sent by each agent every heartbeat interval. From an unknown agent: `registry` answers with `reregister-agent`. */
export const AgentHeartbeatV1 = command({
  name: 'agent.heartbeat',
  version: 1,
  isRoutine: true,
  owner: 'registry',
  item: Type.Object({ agentId: Type.String() }),
  isTransient: true,
});
export type AgentHeartbeat = ItemOf<typeof AgentHeartbeatV1>;
