import { isSelected, type LabelSelector, type Page, parseSelector } from '@tranche/contracts';
import type { QueryParameters } from '../openapi/operation.js';
import { malformed } from '../problem.js';
import { ProblemError } from '../problem.errors.js';
import { readFlag } from '../query-flags.js';
import { cursorText, parseCursor } from './cursor.js';
import { cursorFaults, listFaults, type ListQuery, namesIn, valuesOf } from './list-faults.js';
import type { ListKind } from './list-kind.js';
import { firstOf } from './first-of.js';
import { ListOrder, type Place, type SortValue } from './list-order.js';
import { nameItem } from './item-names.js';

const DEFAULT_LIMIT = 100;

/** An entry of a list and its place in it. */
export interface Placed<T> extends Place {
  readonly entry: T;
}

/** How many items there are in all; `unknown` where to find that out is too much. */
export type ItemCount = number | 'unknown';

/** What a list whose entries are dear knows better. */
export interface PageTerms<T> {
  /** What an entry is sorted by, as its view would have it. Absent: the view is made, and read. */
  readonly sortedBy?: (entry: T, field: string) => SortValue;
  /** How many entries pass the filters, where not all of them are given. Asked when the request wants it. */
  readonly total?: ItemCount;
  /** What is behind this place has not been looked at: the page ends here at the latest, and the next one begins here. */
  readonly upTo?: Place | undefined;
}

/**
 * A request for one page of a `/v1` list: `?limit=100&after=CURSOR`, `sort=-launchedAt`, `fields=id,state`, `count=true` and filters.
 *
 * A cursor holds the place of the last item that was given, not its number, so that the next page is right when entries have come and gone.
 */
export class ListRequest<F extends QueryParameters> {
  /** Items at most. */
  readonly limit: number;
  readonly order: ListOrder;
  /** The page is what comes behind it; undefined: the first one. */
  readonly after: Place | undefined;
  /** Whether it is to be told how many there are in all. */
  readonly isCounted: boolean;
  private readonly fields: readonly string[] | undefined;
  /** As they are read when they are first asked for. */
  private readonly selectors = new Map<string, readonly LabelSelector[]>();

  /** @throws ProblemError 400 naming every fault */
  constructor(
    private readonly query: ListQuery,
    private readonly kind: ListKind<F>,
  ) {
    const { limit, after, sort, fields } = query;
    const faults = listFaults(query, kind);
    this.order = new ListOrder(typeof sort === 'string' ? sort : undefined, kind.order);
    const cursor = after === undefined ? undefined : parseCursor(after);
    faults.push(...cursorFaults(query, cursor, this.order));
    if (faults.length > 0) throw new ProblemError(malformed(faults));
    this.limit = limit === undefined ? DEFAULT_LIMIT : Number(limit);
    this.after = cursor?.place;
    this.isCounted = readFlag(query, 'count');
    this.fields = fields === undefined ? undefined : namesIn(fields);
  }

  /** Whether an entry passes a filter: there is none, or one of the entry's values is among those that are asked for. */
  passes(filter: keyof F & string, ...values: readonly string[]): boolean {
    const wanted = this.wanted(filter);
    if (wanted === undefined) return true;
    if (this.kind.filters[filter]?.isRole === true) return values.some((value) => isOfRoles(value, wanted));
    return values.some((value) => wanted.includes(value));
  }

  /** Whether labels are as a filter wants them. @param valueOf the value of a label; undefined where there is none */
  selects(filter: keyof F & string, valueOf: (key: string) => string | number | undefined): boolean {
    let selectors = this.selectors.get(filter);
    if (selectors === undefined) {
      selectors = this.wanted(filter)?.map(selectorIn) ?? [];
      this.selectors.set(filter, selectors);
    }
    const textOf = (key: string): string | undefined => {
      const value = valueOf(key);
      return typeof value === 'number' ? String(value) : value;
    };
    return selectors.length === 0 || selectors.some((selector) => isSelected(selector, textOf));
  }

  /** What a filter lets pass; undefined: everything. */
  wanted(filter: keyof F & string): readonly string[] | undefined {
    const wanted = this.query[filter];
    return wanted === undefined ? undefined : valuesOf(wanted);
  }

  /**
   * @param entries those that pass the filters, in any order
   * @param asOf number of the newest change in the list
   */
  page<T, V extends object>(
    entries: Iterable<Placed<T>>,
    asOf: number,
    view: (entry: T) => V,
    { sortedBy, total, upTo }: PageTerms<T> = {},
  ): Page<V> {
    const read = sortedBy ?? ((entry: T) => this.order.valueIn(view(entry)));
    const { first, count } = this.select(entries, read, upTo);
    const page = first.slice(0, this.limit);
    const items = page.map(({ entry, key }) => nameItem(this.shown(view(entry)), key));
    return this.answer(items, first.length > this.limit ? page.at(-1) : upTo, asOf, total ?? count);
  }

  /**
   * Those of a great many entries that a page is made of, in order: as many as it has, and one more.
   *
   * @param entries that pass the filters, in any order
   * @param sortedBy as of `page`
   */
  first<T>(entries: Iterable<Placed<T>>, sortedBy: (entry: T, field: string) => SortValue): readonly Placed<T>[] {
    return this.select(entries, sortedBy).first;
  }

  /**
   * One page of the list from pages of its parts, each of which was asked for with the same query, but for `fields`.
   *
   * @param placeOf where an item is in the list, as whoever listed it has placed it
   */
  merge<V extends object>(pages: readonly Page<V>[], placeOf: (item: V) => Place): Page<V> {
    const { field } = this.order;
    const placed = pages
      .flatMap(({ items }) => items)
      .map((item) => ({ ...placeOf(item), item, ...(field === undefined ? {} : { value: this.order.valueIn(item) }) }));
    // A part may know nothing of what is behind the end of its page, which may be a short one.
    const [upTo] = pages
      .flatMap(({ next }) => (next === undefined ? [] : (parseCursor(next)?.place ?? [])))
      .toSorted((a, b) => this.order.compare(a, b));
    const sorted = placed
      .filter((item) => upTo === undefined || this.order.compare(item, upTo) <= 0)
      .toSorted((a, b) => this.order.compare(a, b));
    const page = sorted.slice(0, this.limit);
    const items = page.map(({ item, key }) => nameItem(this.shown(item), key));
    const sum = (of: (page: Page<V>) => number): number => pages.reduce((all, one) => all + of(one), 0);
    const isCountUnknown = pages.some(({ total }) => total === undefined);
    return this.answer(
      items,
      sorted.length > page.length ? page.at(-1) : upTo,
      sum(({ asOf }) => asOf),
      isCountUnknown ? 'unknown' : sum(({ total = 0 }) => total),
    );
  }

  /** Of an item what is asked for. */
  shown<V extends object>(item: V): V {
    const { fields } = this;
    if (fields === undefined) return item;
    return Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name))) as V;
  }

  private answer<V>(items: V[], last: Place | undefined, asOf: number, total: ItemCount): Page<V> {
    return {
      items,
      ...(last === undefined ? {} : { next: cursorText(last, this.order.name) }),
      ...(this.isCounted && total !== 'unknown' ? { total } : {}),
      asOf,
    };
  }

  /** The page and one more, in order, and how many there are: of a hundred thousand entries no more than twice that is ever kept or sorted. */
  private select<T>(
    entries: Iterable<Placed<T>>,
    sortedBy: (entry: T, field: string) => SortValue,
    upTo?: Place,
  ): { readonly first: readonly Placed<T>[]; readonly count: number } {
    const { after, limit, order } = this;
    const { field } = order;
    let count = 0;
    function* behind(): Generator<Placed<T>> {
      for (const placed of entries) {
        count++;
        const entry = field === undefined ? placed : new Sorted(placed, sortedBy(placed.entry, field));
        if (upTo !== undefined && order.compare(entry, upTo) > 0) continue;
        if (after === undefined || order.compare(entry, after) > 0) yield entry;
      }
    }
    const first = firstOf(behind(), limit + 1, (a, b) => order.compare(a, b));
    return { first, count };
  }
}

/** @param wanted of which one is the role, or ends in `/*` and is above it */
const isOfRoles = (role: string, wanted: readonly string[]): boolean =>
  wanted.some((one) => role === one || (one.endsWith('/*') && role.startsWith(one.slice(0, -1))));

/** What the check of the request has found to be one. */
function selectorIn(text: string): LabelSelector {
  const read = parseSelector(text);
  return 'unread' in read ? [] : read;
}

/** An entry with what it is sorted by. Its key may be dear: of most nobody asks for it. */
class Sorted<T> implements Placed<T> {
  constructor(
    private readonly placed: Placed<T>,
    readonly value: SortValue,
  ) {}

  get entry(): T {
    return this.placed.entry;
  }

  get rank(): number {
    return this.placed.rank;
  }

  get key(): string {
    return this.placed.key;
  }
}
