import type { StoredResource } from './identity.js';
import { isIndivisible } from './resource.js';
import { addValues, containsValue, equalValues, isEmptyValue, subtractValues } from './values/resource-value.js';

/** Objects as a collection holds them: none empty, and no two that would merge. */
export type StoredList = readonly StoredResource[];

/**
 * `base` with `added` merged in; an object that merges with none comes last.
 *
 * @source allocation rules A3 (what merges) and A5 (equal shared volumes are counted)
 */
export function addAll(base: StoredList, added: StoredList): StoredList {
  const sum: (StoredResource | undefined)[] = [...base];
  const positions = indexFor(sum.length + added.length, sum, added);
  for (const item of added) {
    if (isEmptyValue(item.value)) continue;
    const at = mergesWithNone(item) ? -1 : find(sum, positions, item, canMerge);
    if (at >= 0) {
      sum[at] = merge(sum[at] as StoredResource, item);
    } else {
      positions?.add(item.key, sum.length);
      sum.push(item);
    }
  }
  return sum as StoredList;
}

/**
 * `base` without `taken`: each object takes from the first of equal identity; what has no counterpart is ignored.
 *
 * @source allocation rules A4 and A5
 */
export function subtractAll(base: StoredList, taken: StoredList): StoredList {
  // Objects that are used up leave a hole until the end, so that positions stay what they are.
  const rest: (StoredResource | undefined)[] = [...base];
  const positions = indexFor(rest.length, rest, taken);
  let holes = 0;
  for (const item of taken) {
    const at = find(rest, positions, item, canTake);
    if (at < 0) continue;
    const left = remove(rest[at] as StoredResource, item);
    if (left === undefined) holes++;
    rest[at] = left;
  }
  return holes === 0 ? (rest as StoredList) : rest.filter((held) => held !== undefined);
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
  const positions = indexFor(outer.length, outer, inner);
  let left: (StoredResource | undefined)[] | undefined;
  for (const item of inner) {
    const at = find(left ?? outer, positions, item, covers);
    if (at < 0) return false;
    if (isIndivisible(item)) (left ??= [...outer])[at] = undefined;
  }
  return true;
}

/** Positions by key, for lists so long that comparing with each object costs more than a table. */
class KeyPositions {
  private readonly byKey = new Map<string, number[]>();

  add(key: string, at: number): void {
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, [at]);
    else known.push(at);
  }

  of(key: string): readonly number[] {
    return this.byKey.get(key) ?? [];
  }
}

/** Below this many objects to search, or to search for, scanning is cheaper than building a table. */
const SCAN_LIMIT = 24;
const FEW = 6;

function indexFor(
  size: number,
  list: readonly (StoredResource | undefined)[],
  wanted: StoredList,
): KeyPositions | undefined {
  if (size <= SCAN_LIMIT || wanted.length <= FEW) return undefined;
  const positions = new KeyPositions();
  list.forEach((held, at) => held !== undefined && positions.add(held.key, at));
  return positions;
}

/** First object of the same identity that passes the test; -1 when there is none. */
function find(
  list: readonly (StoredResource | undefined)[],
  positions: KeyPositions | undefined,
  item: StoredResource,
  test: (held: StoredResource, item: StoredResource) => boolean,
): number {
  if (positions === undefined) {
    for (let at = 0; at < list.length; at++) {
      const held = list[at];
      if (held !== undefined && held.key === item.key && test(held, item)) return at;
    }
    return -1;
  }
  for (const at of positions.of(item.key)) {
    const held = list[at];
    if (held !== undefined && test(held, item)) return at;
  }
  return -1;
}

function mergesWithNone(item: StoredResource): boolean {
  return item.shared !== true && isIndivisible(item);
}

/** Given equal identity. Copies of a shared volume are counted when their size is equal too. */
function canMerge(held: StoredResource, item: StoredResource): boolean {
  return item.shared !== true || equalValues(held.value, item.value);
}

/** Given equal identity. An indivisible object is only taken as a whole. */
function canTake(held: StoredResource, item: StoredResource): boolean {
  return !isIndivisible(item) || equalValues(held.value, item.value);
}

function covers(held: StoredResource, item: StoredResource): boolean {
  if (!canTake(held, item)) return false;
  if (item.shared === true) return copiesOf(held) >= copiesOf(item);
  return containsValue(held.value, item.value);
}

function merge(held: StoredResource, item: StoredResource): StoredResource {
  if (item.shared === true) return held.withCopies(copiesOf(held) + copiesOf(item));
  return held.withValue(addValues(held.value, item.value));
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
