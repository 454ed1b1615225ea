import type { Resource } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../contract.js';
import { document } from '../document.js';

/**
 * Offers of an agent shall be taken back until they do not hold what is wanted for an operator's operation.
 *
 * Asked among the partitions of `offers`, by the one that keeps operators' operations: each knows the offers of its own frameworks. What comes back to
 * the allocator is on its way to it when this is answered. Unknown agent: there is nothing to take back.
 */
export const YieldResourcesV1 = query({
  name: 'yield-resources',
  version: 1,
  owner: 'offers',
  request: Type.Object({
    agentId: Type.String(),
    /** v1 documents, post-refinement, without `allocation_info`. */
    wanted: Type.Array(document<Resource>()),
    /** Volumes that are to go: no offer may hold a copy. */
    volumes: Type.Array(document<Resource>()),
  }),
  response: Type.Object({
    /** How many offers were taken back. */
    rescinded: Type.Integer(),
    /** Tasks or executors use one of the volumes. */
    isInUse: Type.Boolean(),
  }),
});
export type YieldResources = RequestOf<typeof YieldResourcesV1>;
export type YieldedResources = ResponseOf<typeof YieldResourcesV1>;
