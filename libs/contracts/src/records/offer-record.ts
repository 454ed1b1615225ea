import type { Resource } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document } from '../document.js';

/** An outstanding offer. */
export const OfferRecord = Type.Object({
  offerId: Type.String(),
  frameworkId: Type.String(),
  agentId: Type.String(),
  role: Type.String(),
  /** v1 documents, post-refinement, with `allocation_info`. */
  resources: Type.Array(document<Resource>()),
  /** Milliseconds since the epoch. */
  madeAtMs: Type.Number(),
  /** When it will be rescinded unless answered; absent without an offer timeout. */
  expiresAtMs: Type.Optional(Type.Number()),
});
export type OfferRecord = Static<typeof OfferRecord>;

/** How an offer ended. */
export const OFFER_OUTCOMES = ['accepted', 'declined', 'rescinded', 'expired', 'withdrawn'] as const;
export type OfferOutcome = (typeof OFFER_OUTCOMES)[number];
