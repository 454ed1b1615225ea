import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * The agent shall become empty: it ends its tasks and takes no new ones, and tells by `agent-drained` when the last update is
 * acknowledged.
 *
 * Sent by `registry` when an operator drains the agent, and at each registration of an agent that is still to be emptied. A repetition
 * with other terms replaces those from before.
 */
export const DrainAgentV1 = command({
  name: 'drain-agent',
  version: 1,
  owner: 'agent',
  item: Type.Object({
    agentId: Type.String(),
    /** Longest time from SIGTERM to SIGKILL, milliseconds; absent: what each task allows itself. */
    maxGraceMs: Type.Optional(Type.Number()),
    /** It will be declared gone afterwards: tasks of partition-aware frameworks end as TASK_GONE_BY_OPERATOR. */
    markGone: Type.Boolean(),
  }),
});
export type DrainAgent = ItemOf<typeof DrainAgentV1>;
