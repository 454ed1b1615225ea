import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';
import { word } from '../../document.js';
import { INVERSE_OFFER_ANSWERS } from '../../records/inverse-offer-record.js';

/**
 * An inverse offer has ended: answered by its framework, rescinded, or withdrawn with its framework.
 *
 * Sent by `offers`. From now on the allocator may make the next, whatever the answer was, once the filter is over (allocation rule A78).
 * Unknown framework or agent, or none outstanding: ignored.
 */
export const AnswerInverseOffersV1 = command({
  name: 'answer-inverse-offers',
  version: 1,
  owner: 'allocator',
  item: Type.Object({
    frameworkId: Type.String(),
    agentId: Type.String(),
    /** Absent: it ended without an answer. */
    answer: Type.Optional(word(INVERSE_OFFER_ANSWERS)),
    /** With an answer: seconds for which no new one shall be made, as the framework said, unclamped. Absent: no filter. */
    refuseSeconds: Type.Optional(Type.Number()),
  }),
});
export type AnswerInverseOffers = ItemOf<typeof AnswerInverseOffersV1>;
