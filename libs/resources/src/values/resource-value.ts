import { containsItems, sortItems, subtractItems, unionItems } from './item-set.js';
import { formatMilli, type Milli } from './milli.js';
import {
  containsRanges,
  countIntegers,
  equalRanges,
  formatRanges,
  type Range,
  subtractRanges,
  takeLowest,
  unionRanges,
} from './ranges.js';

/** The three kinds of a resource's value (allocation rule A1). Free text is none. */
export type ResourceValue =
  | { readonly kind: 'scalar'; readonly milli: Milli }
  /** Ascending, neither touching nor overlapping. */
  | { readonly kind: 'ranges'; readonly ranges: readonly Range[] }
  /** Distinct; in the order given. */
  | { readonly kind: 'set'; readonly items: readonly string[] };

export type ValueKind = ResourceValue['kind'];

/** Zero or less, no range, no item: such a resource does not exist (allocation rule A1). */
export function isEmptyValue(value: ResourceValue): boolean {
  if (value.kind === 'scalar') return value.milli <= 0;
  return value.kind === 'ranges' ? value.ranges.length === 0 : value.items.length === 0;
}

/** Sum or union. Both values have the same kind; the left one is returned when they do not. */
export function addValues(a: ResourceValue, b: ResourceValue): ResourceValue {
  if (a.kind === 'scalar' && b.kind === 'scalar') return { kind: 'scalar', milli: a.milli + b.milli };
  if (a.kind === 'ranges' && b.kind === 'ranges') return { kind: 'ranges', ranges: unionRanges(a.ranges, b.ranges) };
  if (a.kind === 'set' && b.kind === 'set') return { kind: 'set', items: unionItems(a.items, b.items) };
  return a;
}

/** Difference; a scalar may become negative, which callers treat as gone. */
export function subtractValues(a: ResourceValue, b: ResourceValue): ResourceValue {
  if (a.kind === 'scalar' && b.kind === 'scalar') return { kind: 'scalar', milli: a.milli - b.milli };
  if (a.kind === 'ranges' && b.kind === 'ranges') return { kind: 'ranges', ranges: subtractRanges(a.ranges, b.ranges) };
  if (a.kind === 'set' && b.kind === 'set') return { kind: 'set', items: subtractItems(a.items, b.items) };
  return a;
}

/** What two values have in common: the smaller scalar, the integers or items that are in both. */
export function intersectValues(a: ResourceValue, b: ResourceValue): ResourceValue {
  if (a.kind === 'scalar' && b.kind === 'scalar') return { kind: 'scalar', milli: Math.min(a.milli, b.milli) };
  return subtractValues(a, subtractValues(a, b));
}

/** At least as much, every range inside one range, every item (allocation rule A4). */
export function containsValue(a: ResourceValue, b: ResourceValue): boolean {
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.milli >= b.milli;
  if (a.kind === 'ranges' && b.kind === 'ranges') return containsRanges(a.ranges, b.ranges);
  return a.kind === 'set' && b.kind === 'set' && containsItems(a.items, b.items);
}

export function equalValues(a: ResourceValue, b: ResourceValue): boolean {
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.milli === b.milli;
  if (a.kind === 'ranges' && b.kind === 'ranges') return equalRanges(a.ranges, b.ranges);
  return a.kind === 'set' && b.kind === 'set' && a.items.length === b.items.length && containsItems(a.items, b.items);
}

/** Size in thousandths: ranges count their integers, sets their items (allocation rule A7). */
export function valueQuantity(value: ResourceValue): Milli {
  if (value.kind === 'scalar') return value.milli;
  return (value.kind === 'ranges' ? countIntegers(value.ranges) : value.items.length) * 1000;
}

/** At most this much of the value: the lowest integers of ranges, the first items of a set; whole ones only. */
export function cutValue(value: ResourceValue, milli: Milli): ResourceValue {
  if (value.kind === 'scalar') return { kind: 'scalar', milli: Math.min(value.milli, milli) };
  const count = Math.floor(milli / 1000);
  if (value.kind === 'ranges') return { kind: 'ranges', ranges: takeLowest(value.ranges, count) };
  return { kind: 'set', items: value.items.slice(0, count) };
}

/** Canonical text: `1.5`, `[1-3, 7-10]`, `{a, b}` with items in byte order. */
export function formatValue(value: ResourceValue): string {
  if (value.kind === 'scalar') return formatMilli(value.milli);
  return value.kind === 'ranges' ? formatRanges(value.ranges) : `{${sortItems(value.items).join(', ')}}`;
}
