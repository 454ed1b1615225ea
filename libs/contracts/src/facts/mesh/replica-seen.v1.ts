import { Type } from 'typebox';
import { fact, type ItemOf } from '../../contract.js';

/**
 * A replica lives, and works on these partitions of its service.
 *
 * Stated by each replica, every ten seconds; of a service that is cut into several every second and when it changes. One that has many gives some up when it
 * hears of others that have few; who then works on them, the broker says. A replica that was not heard for a few seconds counts no more.
 */
export const ReplicaSeenV1 = fact({
  name: 'replica.seen',
  version: 1,
  isRoutine: true,
  owner: 'each',
  item: Type.Object({
    service: Type.String(),
    replicaId: Type.String(),
    /** Into how many partitions it takes its service to be cut. */
    partitions: Type.Integer(),
    /** Indexes of those that it works on. */
    owned: Type.Array(Type.Integer()),
  }),
});
export type ReplicaSeen = ItemOf<typeof ReplicaSeenV1>;
