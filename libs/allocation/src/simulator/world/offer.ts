import type { Resources } from '@tranche/resources';

/** An outstanding offer, or what it was when it was made or taken back. */
export interface Offer {
  readonly id: string;
  readonly framework: string;
  readonly role: string;
  readonly agent: string;
  readonly resources: Resources;
}

/** What one step brought about. */
export interface Outcome {
  readonly offers: Offer[];
  readonly rescinds: Offer[];
  readonly inverseOffers: { readonly framework: string; readonly agent: string }[];
  /** Why the step was refused; undefined when it was not. */
  refused?: string;
}

export const emptyOutcome = (): Outcome => ({ offers: [], rescinds: [], inverseOffers: [] });
