import type { Bundle } from './bundle.js';
import { isSameBundle } from './bundle-algebra.js';

/** Longer totals are one machine's own, full of reservations and volumes: not worth comparing. */
const MAX_KINDS = 32;

/** Most different totals that are kept for sharing: more kinds of machines than a cluster has. */
const MAX_BUNDLES = 1024;

/**
 * Totals of agents, each kept once: machines of one type share one bundle, and whatever is derived from it.
 *
 * When full it starts anew: agents keep what they have, only sharing with later ones ends.
 */
export class BundlePool {
  readonly #bundles = new Map<string, Bundle[]>();
  #count = 0;

  /** An equal bundle that is known already, or this one, known from now on. */
  share(bundle: Bundle): Bundle {
    if (bundle.kinds.length > MAX_KINDS) return bundle;
    const key = bundle.kinds.map(({ id }, i) => `${id}:${bundle.milli[i]}`).join();
    const alike = this.#bundles.get(key);
    const known = alike?.find((each) => isSameBundle(each, bundle));
    if (known !== undefined) return known;
    if (this.#count >= MAX_BUNDLES) {
      this.#bundles.clear();
      this.#count = 0;
    }
    this.#count++;
    this.#bundles.set(key, [...(this.#bundles.get(key) ?? []), bundle]);
    return bundle;
  }

  /** Lets go of all: identities are about to be forgotten. */
  clear(): void {
    this.#bundles.clear();
    this.#count = 0;
  }
}
