import { compareBytes } from './byte-order.js';

/** Distinct strings in the order in which they were given. Equality is by content. */
export type ItemSet = readonly string[];

/** Beyond this size a lookup table is cheaper than scanning. */
const SCAN_LIMIT = 16;

/** Union; items of `b` that are new come last, in their order. */
export function unionItems(a: ItemSet, b: ItemSet): ItemSet {
  const isIn = membership(a);
  const added = b.filter((item) => !isIn(item));
  return added.length === 0 ? a : [...a, ...added];
}

/** What is in `a` and not in `b`. `b` need not be contained. */
export function subtractItems(a: ItemSet, b: ItemSet): ItemSet {
  const isIn = membership(b);
  return a.filter((item) => !isIn(item));
}

export function containsItems(a: ItemSet, b: ItemSet): boolean {
  return b.length <= a.length && b.every(membership(a));
}

/** Items in byte order. */
export function sortItems(items: ItemSet): ItemSet {
  return items.toSorted(compareBytes);
}

function membership(items: ItemSet): (item: string) => boolean {
  if (items.length <= SCAN_LIMIT) return (item) => items.includes(item);
  const lookup = new Set(items);
  return (item) => lookup.has(item);
}
