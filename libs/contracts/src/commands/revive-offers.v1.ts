import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/** A framework revived roles: clear its filters there and allocate now. The suppression itself travels in `framework.updated`, sent before. */
export const ReviveOffersV1 = command({
  name: 'revive-offers',
  version: 1,
  owner: 'allocator',
  item: Type.Object({ frameworkId: Type.String(), roles: Type.Array(Type.String()) }),
});
export type ReviveOffers = ItemOf<typeof ReviveOffersV1>;
