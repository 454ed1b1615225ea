/** What items are sorted by; times are in ISO 8601, which is in their order. Absent ones are last, whichever way. */
export type SortValue = string | number | undefined;

/** A place in a list. */
export interface Place {
  /** Entries are listed by rising rank, then by key. */
  readonly rank: number;
  /** Unique in the list. */
  readonly key: string;
  /** Of the member that the list is sorted by, before both; absent where it is in its own order. */
  readonly value?: SortValue;
}

/** As much of a text counts; a key column of a database holds no more. */
const MAX_TEXT = 255;

/** The order in which a list is asked for. */
export class ListOrder {
  /** As a cursor names it; empty: the list's own. */
  readonly name: string;
  /** What it is sorted by; absent: the list's own order, or that order backwards. */
  readonly field: string | undefined;
  readonly isBackwards: boolean;

  /**
   * @param sort as asked for, `-launchedAt`; absent: the list's own order
   * @param own the list's own order as `sort` would ask for it
   */
  constructor(sort: string | undefined, own: string | undefined) {
    const isOwn = sort === undefined || sort === own;
    const isOwnBackwards = !isOwn && own !== undefined && bareName(sort) === bareName(own);
    this.name = isOwn ? '' : sort;
    this.field = isOwn || isOwnBackwards ? undefined : bareName(sort);
    this.isBackwards = isOwnBackwards || (!isOwn && sort.startsWith('-'));
  }

  compare(a: Place, b: Place): number {
    return compareSorted(a, b, this.isBackwards);
  }

  /** What of an item, as it is shown, the order goes by. */
  valueIn(item: unknown): SortValue {
    return this.field === undefined ? undefined : sortValue(memberOf(item, this.field));
  }
}

export const bareName = (sort: string): string => sort.replace(/^-/, '');

/** What is compared of a member of an item. */
export function sortValue(member: unknown): SortValue {
  if (typeof member === 'string')
    return member.length <= MAX_TEXT ? member : Array.from(member).slice(0, MAX_TEXT).join('');
  if (typeof member === 'boolean') return Number(member);
  return typeof member === 'number' ? member : undefined;
}

function memberOf(item: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((of, name) => (of as Record<string, unknown> | undefined)?.[name], item);
}

/** The order of a list by a member of its items, then by place; without values by place alone. */
export const compareSorted = (a: Place, b: Place, isBackwards: boolean): number =>
  compareValues(a.value, b.value, isBackwards) || (isBackwards ? -comparePlaces(a, b) : comparePlaces(a, b));

function compareValues(a: SortValue, b: SortValue, isBackwards: boolean): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  const rising = typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b));
  return isBackwards ? -rising : rising;
}

/** The order of a list where none is asked for. */
export const comparePlaces = (a: Place, b: Place): number => a.rank - b.rank || compareTexts(a.key, b.key);

/** By their bytes in UTF-8, as databases compare them. */
function compareTexts(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = orderOf(a.charCodeAt(i)) - orderOf(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Halves of characters beyond 16 bits stand before some within them, which come before those characters in UTF-8. */
const orderOf = (unit: number): number => (unit < 0xd800 ? unit : unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);
