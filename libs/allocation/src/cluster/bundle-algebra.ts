import type { ResourceValue } from '@tranche/resources';
import { addValues, containsValue, equalValues, subtractValues, valueQuantity } from '@tranche/resources';
import { Bundle, BundleBuilder } from './bundle.js';
import type { Kind } from './kind-table.js';

/**
 * Sum: equal divisible kinds merge, copies of shared volumes add up, everything else is appended.
 *
 * @source allocation rules A3 and A5
 */
export function addBundles(a: Bundle, b: Bundle): Bundle {
  if (a.isEmpty) return b;
  if (b.isEmpty) return a;
  const sum = new Entries(a);
  for (let i = 0; i < b.kinds.length; i++) sum.add(b, i);
  return sum.build();
}

/**
 * Difference: each entry takes from the first of equal kind; what has no counterpart is ignored, nothing becomes negative.
 *
 * @source allocation rules A4 and A5
 */
export function subtractBundles(a: Bundle, b: Bundle): Bundle {
  if (b.isEmpty) return a;
  if (a.isEmpty || isSameBundle(a, b)) return Bundle.EMPTY;
  const rest = new Entries(a);
  for (let i = 0; i < b.kinds.length; i++) rest.subtract(b, i);
  return rest.build();
}

/** `subtractBundles`, then `addBundles`, at the price of one: some of a collection turned into something else. */
export function convertBundle(bundle: Bundle, consumed: Bundle, converted: Bundle): Bundle {
  const entries = new Entries(bundle);
  for (let i = 0; i < consumed.kinds.length; i++) entries.subtract(consumed, i);
  for (let i = 0; i < converted.kinds.length; i++) entries.add(converted, i);
  return entries.build();
}

/** Whether two bundles list the same kinds with the same values in the same order, which makes them equal. */
export function isSameBundle(a: Bundle, b: Bundle): boolean {
  if (a === b) return true;
  if (a.kinds.length !== b.kinds.length) return false;
  for (let i = 0; i < a.kinds.length; i++) {
    if (a.kinds[i] !== b.kinds[i] || a.milli[i] !== b.milli[i] || a.copiesAt(i) !== b.copiesAt(i)) return false;
    const left = a.values?.[i];
    const right = b.values?.[i];
    if (left !== right && !equalValues(left as ResourceValue, right as ResourceValue)) return false;
  }
  return true;
}

/**
 * Whether every entry of `b` is covered by one entry of `a`.
 *
 * @source allocation rules A4 and A5
 */
export function containsBundle(a: Bundle, b: Bundle): boolean {
  return a === b || containsEntries(a, b, 0, b.kinds.length, b.milli);
}

/** Some kinds with their values, in the order of an agent's slots: a bundle, or the slots themselves. */
interface Columns {
  readonly kinds: readonly Kind[];
  readonly values: readonly (ResourceValue | undefined)[] | undefined;
  readonly copies?: readonly number[] | undefined;
}

/**
 * `containsBundle` for a run of columns that is no bundle (yet).
 *
 * Both sides usually come from the same agent and so have the same order: each search starts where the last one ended.
 *
 * @param start first of the run in the columns
 * @param milli amounts of the run, from 0 on; entries of amount 0 are skipped
 */
export function containsEntries(
  a: Bundle,
  columns: Columns,
  start: number,
  length: number,
  milli: ArrayLike<number>,
): boolean {
  let used: Set<number> | undefined;
  let from = 0;
  for (let i = 0; i < length; i++) {
    const amount = milli[i] as number;
    if (amount === 0) continue;
    const kind = columns.kinds[start + i] as Kind;
    const copies = columns.copies?.[start + i] ?? 1;
    const at = findCover(a, kind, amount, columns.values?.[start + i], copies, from, used);
    if (at < 0) return false;
    if (kind.isIndivisible && !kind.isShared) (used ??= new Set()).add(at);
    from = at + 1;
  }
  return true;
}

function findCover(
  a: Bundle,
  kind: Kind,
  milli: number,
  value: ResourceValue | undefined,
  copies: number,
  from: number,
  used: ReadonlySet<number> | undefined,
): number {
  const size = a.kinds.length;
  for (let step = 0; step < size; step++) {
    const at = from + step < size ? from + step : from + step - size;
    if (a.kinds[at] === kind && used?.has(at) !== true && covers(a, at, kind, milli, value, copies)) return at;
  }
  return -1;
}

function covers(
  a: Bundle,
  at: number,
  kind: Kind,
  milli: number,
  value: ResourceValue | undefined,
  copies: number,
): boolean {
  const held = a.milli[at] as number;
  if (kind.isIndivisible) return held === milli && (!kind.isShared || a.copiesAt(at) >= copies);
  if (kind.isScalar) return held >= milli;
  return containsValue(a.values?.[at] as ResourceValue, value as ResourceValue);
}

/** A bundle taken apart for a change. */
class Entries {
  readonly #kinds: Kind[];
  readonly #milli: number[];
  readonly #values: (ResourceValue | undefined)[];
  readonly #copies: number[];

  constructor(from: Bundle) {
    this.#kinds = [...from.kinds];
    this.#milli = [...from.milli];
    this.#values = from.kinds.map((_, i) => from.values?.[i]);
    this.#copies = from.kinds.map((_, i) => from.copiesAt(i));
  }

  add(from: Bundle, i: number): void {
    const kind = from.kinds[i] as Kind;
    const milli = from.milli[i] as number;
    const at = this.#mergePosition(kind, milli, i);
    if (at < 0) {
      this.#kinds.push(kind);
      this.#milli.push(milli);
      this.#values.push(from.values?.[i]);
      this.#copies.push(from.copiesAt(i));
    } else if (kind.isShared) {
      this.#copies[at] = (this.#copies[at] as number) + from.copiesAt(i);
    } else if (kind.isScalar) {
      this.#milli[at] = (this.#milli[at] as number) + milli;
    } else {
      this.#setValue(at, addValues(this.#values[at] as ResourceValue, from.values?.[i] as ResourceValue));
    }
  }

  subtract(from: Bundle, i: number): void {
    const kind = from.kinds[i] as Kind;
    const milli = from.milli[i] as number;
    const at = this.#find(kind, i, (held) => !kind.isIndivisible || held === milli);
    if (at < 0) return;
    if (kind.isShared) {
      this.#copies[at] = (this.#copies[at] as number) - from.copiesAt(i);
    } else if (kind.isScalar) {
      this.#milli[at] = Math.max(0, (this.#milli[at] as number) - milli);
    } else {
      this.#setValue(at, subtractValues(this.#values[at] as ResourceValue, from.values?.[i] as ResourceValue));
    }
  }

  build(): Bundle {
    const builder = new BundleBuilder();
    this.#kinds.forEach((kind, i) => {
      const milli = this.#milli[i] as number;
      const copies = this.#copies[i] as number;
      if (milli > 0 && copies > 0) builder.add(kind, milli, this.#values[i], copies);
    });
    return builder.build();
  }

  #mergePosition(kind: Kind, milli: number, hint: number): number {
    if (kind.isShared) return this.#find(kind, hint, (held) => held === milli);
    return kind.isIndivisible ? -1 : this.#find(kind, hint, () => true);
  }

  /** Index of an entry that is still there; `hint` is looked at first. */
  #find(kind: Kind, hint: number, fits: (milli: number) => boolean): number {
    const isMatch = (at: number): boolean =>
      this.#kinds[at] === kind &&
      (this.#milli[at] as number) > 0 &&
      (this.#copies[at] as number) > 0 &&
      fits(this.#milli[at] as number);
    if (hint < this.#kinds.length && isMatch(hint)) return hint;
    for (let at = 0; at < this.#kinds.length; at++) if (isMatch(at)) return at;
    return -1;
  }

  #setValue(at: number, value: ResourceValue): void {
    this.#values[at] = value;
    this.#milli[at] = valueQuantity(value);
  }
}
