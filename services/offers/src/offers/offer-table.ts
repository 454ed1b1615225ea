import type { Offer } from './offer.js';

/** All outstanding offers, found by id, by framework and by agent without a search. */
export class OfferTable {
  private readonly offers = new Map<string, Offer>();
  private readonly byFramework = new Map<string, Set<Offer>>();
  private readonly byAgent = new Map<string, Set<Offer>>();

  get(offerId: string): Offer | undefined {
    return this.offers.get(offerId);
  }

  add(offer: Offer): void {
    const { offerId, frameworkId, agentId } = offer.record;
    this.offers.set(offerId, offer);
    addTo(this.byFramework, frameworkId, offer);
    addTo(this.byAgent, agentId, offer);
  }

  /** @returns false when it was not outstanding (any more) */
  remove(offer: Offer): boolean {
    const { offerId, frameworkId, agentId } = offer.record;
    if (!this.offers.delete(offerId)) return false;
    dropFrom(this.byFramework, frameworkId, offer);
    dropFrom(this.byAgent, agentId, offer);
    return true;
  }

  /** A copy: the caller may remove them on the way. */
  ofFramework(frameworkId: string): Offer[] {
    return [...(this.byFramework.get(frameworkId) ?? [])];
  }

  countOfFramework(frameworkId: string): number {
    return this.byFramework.get(frameworkId)?.size ?? 0;
  }

  /** A copy: the caller may remove them on the way. */
  ofAgent(agentId: string): Offer[] {
    return [...(this.byAgent.get(agentId) ?? [])];
  }

  /** Oldest first. */
  all(): IterableIterator<Offer> {
    return this.offers.values();
  }

  get size(): number {
    return this.offers.size;
  }
}

function addTo(map: Map<string, Set<Offer>>, key: string, offer: Offer): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([offer]));
  else known.add(offer);
}

function dropFrom(map: Map<string, Set<Offer>>, key: string, offer: Offer): void {
  const offers = map.get(key);
  offers?.delete(offer);
  if (offers?.size === 0) map.delete(key);
}
