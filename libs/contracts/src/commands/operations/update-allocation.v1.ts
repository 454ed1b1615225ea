import type { Resource } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';
import { document } from '../../document.js';

/**
 * An operation has turned resources that a framework holds into others: reserved, made a volume of, and back.
 *
 * Sent by `offers` when an operation is accepted, before it gives back what the operation has made. The allocator changes both what the
 * framework holds and what the agent has (allocation rule A69). Unknown framework, role or agent: ignored, the agent's usage says it all.
 */
export const UpdateAllocationV1 = command({
  name: 'update-allocation',
  version: 1,
  owner: 'allocator',
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    role: Type.String(),
    /** v1 documents, post-refinement, without `allocation_info`. */
    consumed: Type.Array(document<Resource>()),
    /** Likewise: what they became. */
    converted: Type.Array(document<Resource>()),
  }),
});
export type UpdateAllocation = ItemOf<typeof UpdateAllocationV1>;
