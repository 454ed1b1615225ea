import type { Resource } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { document } from '../document.js';
import { AgentChange } from '../records/agent-record.js';

/**
 * An agent's total is now this: operations were accepted for it, or its truth differed from what was applied in advance.
 *
 * Published by `offers`, which applies operations before the agent does. `registry` replaces the total in what it states of the agent and
 * does not answer with a fact of its own. Other partitions of `offers` take its share into account. Unknown agent: ignored.
 */
export const AgentResourcesChangedV1 = fact({
  name: 'agent.resources-changed',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Object({
    agentId: Type.String(),
    /** The whole total, v1 documents, post-refinement, without `allocation_info`. */
    resources: Type.Array(document<Resource>()),
    /** Where `offers` is cut: the share of this partition in it. It counts, not `resources`, which lacks what others change just now. */
    change: Type.Optional(AgentChange),
  }),
});
export type AgentResourcesChanged = ItemOf<typeof AgentResourcesChangedV1>;
