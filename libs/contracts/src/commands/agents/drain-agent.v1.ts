import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * The agent shall become empty: it ends its tasks and takes no new ones, and tells by `agent-drained` when the last update is
 * acknowledged.
 *
 * Sent by `registry` when an operator drains the agent, and at each registration of an agent that is still to be emptied. A repetition
 * with other terms replaces those from before. With `isCancelled` it shall not become empty after all: what is being ended ends, new tasks
 * are taken. An agent of an earlier version goes on to become empty; the registry takes no notice of its `agent-drained` then.
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
    /** The order is taken back. */
    isCancelled: Type.Optional(Type.Boolean()),
  }),
});
export type DrainAgent = ItemOf<typeof DrainAgentV1>;
