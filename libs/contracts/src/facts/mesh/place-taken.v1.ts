import { Type } from 'typebox';
import { fact, type ItemOf } from '../../contract.js';

/**
 * A replica has become the one that works on a queue: what the one before it still says is void.
 *
 * Stated by each service when it becomes active. Replicas end the exchanges that they relayed to the one before, so that clients come again.
 */
export const PlaceTakenV1 = fact({
  name: 'place.taken',
  version: 1,
  owner: 'each',
  item: Type.Object({
    /** The queue, `offers`. */
    queue: Type.String(),
    /** The replica's life as it signs its messages, `offers/1f6c…`. */
    source: Type.String(),
  }),
});
export type PlaceTaken = ItemOf<typeof PlaceTakenV1>;
