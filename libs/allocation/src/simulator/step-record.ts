import type { InverseOffer } from '../engine.js';
import type { Offer } from './offer-book.js';

/** What one step made happen. */
export interface StepRecord {
  readonly offers: Offer[];
  readonly rescinds: Offer[];
  readonly inverseOffers: InverseOffer[];
  /** Why the step was refused; absent when it was not. */
  refused?: string;
}

export function emptyRecord(): StepRecord {
  return { offers: [], rescinds: [], inverseOffers: [] };
}

/** Several steps looked at together. */
export function joinRecords(records: readonly StepRecord[]): StepRecord {
  const refused = records.findLast((record) => record.refused !== undefined)?.refused;
  return {
    offers: records.flatMap(({ offers }) => offers),
    rescinds: records.flatMap(({ rescinds }) => rescinds),
    inverseOffers: records.flatMap(({ inverseOffers }) => inverseOffers),
    ...(refused !== undefined && { refused }),
  };
}
