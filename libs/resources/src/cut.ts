import type { StoredList } from './algebra.js';
import type { StoredResource } from './identity.js';
import { isIndivisible } from './resource.js';
import type { Milli } from './values/milli.js';
import { cutValue, isEmptyValue, valueQuantity } from './values/resource-value.js';

/**
 * Order in which a collection is cut: as stored, or shuffled by a source of uniform numbers in [0, 1).
 *
 * @source allocation rule A9: random order, and stored order where decisions must be repeatable
 */
export type CutOrder = 'stored' | (() => number);

/**
 * Objects reduced to at most what is left of a bound for each name.
 *
 * An object whose name has no bound is kept whole, one whose name has nothing left is dropped, a larger one is reduced
 * or, if indivisible, dropped. What is kept is taken off the bound.
 *
 * @param bounds thousandths by name; consumed by the call
 * @param unbounded whether a name without bound is kept whole (limits) or dropped (quantities)
 * @source allocation rules A6 and A9
 */
export function cutToBounds(
  list: StoredList,
  bounds: Map<string, Milli>,
  unbounded: 'keep' | 'drop',
  order: CutOrder,
): StoredResource[] {
  const kept: StoredResource[] = [];
  for (const resource of order === 'stored' ? list : shuffled(list, order)) {
    const left = bounds.get(resource.name);
    if (left === undefined) {
      if (unbounded === 'keep') kept.push(resource);
      continue;
    }
    const cut = cutResource(resource, left);
    if (cut === undefined) continue;
    kept.push(cut);
    bounds.set(resource.name, left - valueQuantity(cut.value));
  }
  return kept;
}

/** At most `milli` of a resource; undefined when nothing remains or it cannot be cut (allocation rule A6). */
function cutResource(resource: StoredResource, milli: Milli): StoredResource | undefined {
  if (milli <= 0) return undefined;
  if (valueQuantity(resource.value) <= milli) return resource;
  if (isIndivisible(resource)) return undefined;
  const value = cutValue(resource.value, milli);
  return isEmptyValue(value) ? undefined : resource.withValue(value);
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
