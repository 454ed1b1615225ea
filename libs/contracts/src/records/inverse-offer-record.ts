import type { Unavailability } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document, word } from '../document.js';

/** What a framework can say to an inverse offer. Advisory either way. */
export const INVERSE_OFFER_ANSWERS = ['accepted', 'declined'] as const;
export type InverseOfferAnswer = (typeof INVERSE_OFFER_ANSWERS)[number];

/** How an inverse offer ended; `withdrawn`: with its framework. */
export const INVERSE_OFFER_OUTCOMES = [...INVERSE_OFFER_ANSWERS, 'rescinded', 'expired', 'withdrawn'] as const;
export type InverseOfferOutcome = (typeof INVERSE_OFFER_OUTCOMES)[number];

/** An outstanding inverse offer: a framework is asked to leave an agent before this unavailability. */
export const InverseOfferRecord = Type.Object({
  inverseOfferId: Type.String(),
  frameworkId: Type.String(),
  agentId: Type.String(),
  unavailability: document<Unavailability>(),
  /** Milliseconds since the epoch. */
  madeAtMs: Type.Number(),
  /** When it will be rescinded unless answered; absent without an offer timeout. */
  expiresAtMs: Type.Optional(Type.Number()),
});
export type InverseOfferRecord = Static<typeof InverseOfferRecord>;

/** The last answer of a framework about an agent, until the agent's unavailability changes. */
export const InverseOfferAnswerRecord = Type.Object({
  frameworkId: Type.String(),
  agentId: Type.String(),
  answer: word(INVERSE_OFFER_ANSWERS),
  /** Milliseconds since the epoch. */
  atMs: Type.Number(),
});
export type InverseOfferAnswerRecord = Static<typeof InverseOfferAnswerRecord>;
