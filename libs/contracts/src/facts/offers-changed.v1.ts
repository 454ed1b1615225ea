import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { word } from '../document.js';
import { OFFER_OUTCOMES, OfferRecord } from '../records/offer-record.js';

/** An offer was made, or has ended. Published by `offers`, for the read model. An unknown ended offer is ignored. */
export const OffersChangedV1 = fact({
  name: 'offers.changed',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Union([
    Type.Object({ kind: Type.Literal('made'), offer: OfferRecord }),
    Type.Object({
      kind: Type.Literal('ended'),
      offerId: Type.String(),
      outcome: word(OFFER_OUTCOMES),
    }),
  ]),
});
export type OffersChanged = ItemOf<typeof OffersChangedV1>;
