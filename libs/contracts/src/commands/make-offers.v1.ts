import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { HeldResources } from '../records/held-resources.js';

/**
 * What the allocator has just given out: `offers` mints one offer of each item.
 *
 * An item for a framework or agent that `offers` does not know (any more) goes back at once by `recover-resources` without a filter.
 * `epoch` and `run` let `agent.usage` say which allocations it has seen.
 */
export const MakeOffersV1 = command({
  name: 'make-offers',
  version: 1,
  isTransient: true,
  owner: 'offers',
  key: ({ frameworkId }) => frameworkId,
  item: Type.Object({
    ...HeldResources.properties,
    /** Identifies one life of the allocator. */
    epoch: Type.String(),
    /** Number of the allocation run, rising from 1 within an epoch. */
    run: Type.Integer(),
    /** The life of `offers` whose snapshot this rests upon: to any other it is void. Absent: an allocator of an older version. */
    basis: Type.Optional(Type.String()),
  }),
});
export type MakeOffers = ItemOf<typeof MakeOffersV1>;
