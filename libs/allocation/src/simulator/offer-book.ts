import type { Holding } from '../engine.js';

/** An outstanding offer. Replaced, not changed, when operations change what it holds. */
export interface Offer extends Holding {
  /** `o1`, `o2` … in the order of allocation. */
  readonly id: string;
}

/** Which offers are meant; what is absent matches all. */
export interface OfferQuery {
  readonly frameworkId?: string | undefined;
  readonly role?: string | undefined;
  readonly agentId?: string | undefined;
}

/** The outstanding offers, by agent and by framework, always in the order in which they were made. */
export class OfferBook {
  readonly #offers = new Map<string, Offer>();
  readonly #byAgent = new Map<string, Map<string, Offer>>();
  readonly #byFramework = new Map<string, Map<string, Offer>>();
  #count = 0;

  add(holding: Holding): Offer {
    const offer = { id: `o${++this.#count}`, ...holding };
    this.#offers.set(offer.id, offer);
    entriesOf(this.#byAgent, offer.agentId).set(offer.id, offer);
    entriesOf(this.#byFramework, offer.frameworkId).set(offer.id, offer);
    return offer;
  }

  /** The offer keeps its id and its place. */
  replace(offer: Offer, resources: Offer['resources']): void {
    const changed = { ...offer, resources };
    this.#offers.set(offer.id, changed);
    this.#byAgent.get(offer.agentId)?.set(offer.id, changed);
    this.#byFramework.get(offer.frameworkId)?.set(offer.id, changed);
  }

  remove(offer: Offer): void {
    this.#offers.delete(offer.id);
    dropEntry(this.#byAgent, offer.agentId, offer.id);
    dropEntry(this.#byFramework, offer.frameworkId, offer.id);
  }

  /** Those that match, in the order in which they were made. */
  find({ frameworkId, role, agentId }: OfferQuery): Offer[] {
    const ofAgent = agentId === undefined ? this.#offers : this.#byAgent.get(agentId);
    const ofFramework = frameworkId === undefined ? this.#offers : this.#byFramework.get(frameworkId);
    if (ofAgent === undefined || ofFramework === undefined) return [];
    const [smaller, isOther] =
      ofAgent.size <= ofFramework.size
        ? [ofAgent, (offer: Offer) => frameworkId !== undefined && offer.frameworkId !== frameworkId]
        : [ofFramework, (offer: Offer) => agentId !== undefined && offer.agentId !== agentId];
    return [...smaller.values()].filter((offer) => !isOther(offer) && (role === undefined || offer.role === role));
  }

  all(): Iterable<Offer> {
    return this.#offers.values();
  }
}

function entriesOf(index: Map<string, Map<string, Offer>>, key: string): Map<string, Offer> {
  let entries = index.get(key);
  if (entries === undefined) index.set(key, (entries = new Map()));
  return entries;
}

function dropEntry(index: Map<string, Map<string, Offer>>, key: string, id: string): void {
  const entries = index.get(key);
  entries?.delete(id);
  if (entries?.size === 0) index.delete(key);
}
