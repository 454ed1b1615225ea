import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';

/** A partition of `offers` has come to a mark (`state-mark`). Published by it; an unknown mark is somebody else's. */
export const MarkStatedV1 = fact({
  name: 'mark.stated',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Object({
    mark: Type.String(),
    /** Index of the partition. */
    partition: Type.Integer(),
  }),
});
export type MarkStated = ItemOf<typeof MarkStatedV1>;
