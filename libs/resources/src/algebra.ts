import type { StoredResource } from './identity.js';
import { isIndivisible } from './resource.js';
import { addValues, containsValue, equalValues, isEmptyValue, subtractValues } from './values/resource-value.js';

/** Objects as a collection holds them: none empty, and no two that would merge. */
export type StoredList = readonly StoredResource[];

/** From this many objects on, a table of keys is cheaper than comparing with each. */
const SCAN_LIMIT = 24;

/**
 * `base` with `added` merged in; an object that merges with none comes last.
 *
 * @source allocation rules A3 (what merges) and A5 (equal shared volumes are counted)
 */
export function addAll(base: StoredList, added: Iterable<StoredResource>): StoredList {
  const sum = [...base];
  let index: Map<string, number> | undefined;
  for (const item of added) {
    if (isEmptyValue(item.value)) continue;
    if (index === undefined && sum.length > SCAN_LIMIT) index = new Map(sum.map((held, at) => [held.key, at]));
    const at = mergePosition(sum, item, index);
    if (at >= 0) {
      sum[at] = merge(sum[at] as StoredResource, item);
    } else {
      index?.set(item.key, sum.length);
      sum.push(item);
    }
  }
  return sum;
}

/**
 * `base` without `taken`: each object takes from the first of equal identity; what has no counterpart is ignored.
 *
 * @source allocation rules A4 and A5
 */
export function subtractAll(base: StoredList, taken: Iterable<StoredResource>): StoredList {
  const rest = [...base];
  for (const item of taken) {
    const at = rest.findIndex((held) => canTake(held, item));
    if (at < 0) continue;
    const left = remove(rest[at] as StoredResource, item);
    if (left === undefined) rest.splice(at, 1);
    else rest[at] = left;
  }
  return rest;
}

/**
 * Whether every object of `inner` is covered by a single object of `outer`.
 *
 * An indivisible object uses up its match, so two equal volumes inside need two outside; shared volumes compare
 * their copies instead.
 *
 * @source allocation rules A4 and A5
 */
export function containsAll(outer: StoredList, inner: StoredList): boolean {
  let used: Set<number> | undefined;
  for (const item of inner) {
    const at = outer.findIndex((held, i) => used?.has(i) !== true && covers(held, item));
    if (at < 0) return false;
    if (isIndivisible(item)) (used ??= new Set()).add(at);
  }
  return true;
}

function mergePosition(list: StoredList, item: StoredResource, index: Map<string, number> | undefined): number {
  if (item.shared === true)
    return list.findIndex((held) => held.key === item.key && equalValues(held.value, item.value));
  if (isIndivisible(item)) return -1;
  if (index !== undefined) return index.get(item.key) ?? -1;
  return list.findIndex((held) => held.key === item.key);
}

function merge(held: StoredResource, item: StoredResource): StoredResource {
  if (item.shared === true) return held.withCopies(copiesOf(held) + copiesOf(item));
  return held.withValue(addValues(held.value, item.value));
}

/** Equal identity; an indivisible object moreover only as a whole. */
function canTake(held: StoredResource, item: StoredResource): boolean {
  return held.key === item.key && (!isIndivisible(item) || equalValues(held.value, item.value));
}

function covers(held: StoredResource, item: StoredResource): boolean {
  if (!canTake(held, item)) return false;
  if (item.shared === true) return copiesOf(held) >= copiesOf(item);
  return containsValue(held.value, item.value);
}

function remove(held: StoredResource, item: StoredResource): StoredResource | undefined {
  if (item.shared === true) {
    const copies = copiesOf(held) - copiesOf(item);
    return copies > 0 ? held.withCopies(copies) : undefined;
  }
  const value = subtractValues(held.value, item.value);
  return isEmptyValue(value) ? undefined : held.withValue(value);
}

function copiesOf(resource: StoredResource): number {
  return resource.copies ?? 1;
}
