import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/**
 * An outstanding offer shall be taken back, since what operators have set has changed.
 *
 * Sent by `quota`. An offer that is unknown, because it was used, declined or expired meanwhile, is passed over.
 */
export const RescindOffersV1 = command({
  name: 'rescind-offers',
  version: 1,
  owner: 'offers',
  key: ({ frameworkId }) => frameworkId,
  item: Type.Object({ frameworkId: Type.String(), offerId: Type.String() }),
});
export type RescindOffers = ItemOf<typeof RescindOffersV1>;
