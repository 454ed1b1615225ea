import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { word } from '../document.js';
import { INVERSE_OFFER_OUTCOMES, InverseOfferRecord } from '../records/inverse-offer-record.js';

/**
 * An inverse offer was made, or has ended. Published by `offers`, for the read model and the maintenance status.
 * An unknown ended one still tells the answer of its framework.
 */
export const InverseOffersChangedV1 = fact({
  name: 'inverse-offers.changed',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Union([
    Type.Object({ kind: Type.Literal('made'), inverseOffer: InverseOfferRecord }),
    Type.Object({
      kind: Type.Literal('ended'),
      inverseOfferId: Type.String(),
      frameworkId: Type.String(),
      agentId: Type.String(),
      outcome: word(INVERSE_OFFER_OUTCOMES),
      /** Milliseconds since the epoch. */
      atMs: Type.Number(),
    }),
  ]),
});
export type InverseOffersChanged = ItemOf<typeof InverseOffersChangedV1>;
