import type { OutstandingOffer } from '../quotas/offers-to-rescind.js';

/** The offers that are out, and the way to take them back. */
export interface OutstandingOffers {
  /** Whether a framework is subscribed to this very role. */
  hasFrameworks(role: string): boolean;
  all(): OutstandingOffer[];
  /** Asks `offers` to take them back. Best effort: one that was used meanwhile stays used. @returns when they are on their way */
  rescind(offers: readonly OutstandingOffer[]): Promise<void>;
}
