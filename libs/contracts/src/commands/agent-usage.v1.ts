import type { Resource } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { document } from '../document.js';
import { AgentChange } from '../records/agent-record.js';
import { HeldResources } from '../records/held-resources.js';

/**
 * Everything that is held on one agent, offered or in use, as `offers` sees it after reconciling the agent's registration.
 *
 * The allocator replaces what it believed to be held there, but keeps allocations of its own that `offers` had not seen yet:
 * those of the same epoch with a run above `seenRun`. From then on the agent takes part in allocation.
 * Unknown agent: ignored.
 */
export const AgentUsageV1 = command({
  name: 'agent.usage',
  version: 1,
  isRoutine: true,
  owner: 'allocator',
  item: Type.Object({
    agentId: Type.String(),
    held: Type.Array(HeldResources),
    /** The agent's total with the operations that were accepted for it; absent: as the registry states it. */
    total: Type.Optional(Type.Array(document<Resource>())),
    /**
     * Where `offers` is cut: what this partition has changed of the total. `held` is of its frameworks alone then, and the agent takes part
     * when all partitions have told theirs.
     */
    change: Type.Optional(AgentChange),
    /** Epoch and highest run of the `make-offers` items handled so far; absent before the first. */
    seenEpoch: Type.Optional(Type.String()),
    seenRun: Type.Optional(Type.Integer()),
  }),
});
export type AgentUsage = ItemOf<typeof AgentUsageV1>;
