import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { word } from '../document.js';
import { OFFER_OUTCOMES, OfferRecord } from '../records/offer-record.js';

/**
 * An offer was made, or has ended. Published by `offers`, for the read model. An unknown ended offer is ignored.
 *
 * Heard in order with the tasks launched on its agent: what they hold was offered until then, and is not counted twice.
 */
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
      /** Absent from a release that does not state it. */
      agentId: Type.Optional(Type.String()),
    }),
  ]),
  subjects: (item) => [item.kind === 'made' ? item.offer.agentId : (item.agentId ?? item.offerId)],
});
export type OffersChanged = ItemOf<typeof OffersChangedV1>;
