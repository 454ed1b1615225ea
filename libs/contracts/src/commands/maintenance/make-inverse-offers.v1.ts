import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * The framework shall be asked to leave the agent, which has a scheduled unavailability and on which it holds something.
 *
 * Sent by `allocator` at the end of a cycle; `offers` mints one inverse offer of each item. An item for a framework that is unknown or
 * not connected, or for an agent that is unknown or has no unavailability (any more), is answered at once by `answer-inverse-offers`
 * without an answer. So is nothing lost: the allocator asks again in a later cycle.
 */
export const MakeInverseOffersV1 = command({
  name: 'make-inverse-offers',
  version: 1,
  owner: 'offers',
  key: ({ frameworkId }) => frameworkId,
  item: Type.Object({ frameworkId: Type.String(), agentId: Type.String() }),
});
export type MakeInverseOffers = ItemOf<typeof MakeInverseOffersV1>;
