import { fromMilli, type Milli, toMilli } from '../values/milli.js';
import { formatQuantityEntries, parseQuantityEntries } from './quantity-text.js';

/**
 * Immutable vector of positive scalars by name; a missing name is zero.
 *
 * @source allocation rule A7
 */
export class Quantities implements Iterable<readonly [name: string, milli: Milli]> {
  static readonly EMPTY: Quantities = new Quantities(new Map());

  private constructor(private readonly entries: ReadonlyMap<string, Milli>) {}

  /** From names and thousandths; repeated names add up, zeros and negatives are dropped. */
  static of(entries: Iterable<readonly [name: string, milli: Milli]>): Quantities {
    const sums = new Map<string, Milli>();
    for (const [name, milli] of entries) if (milli > 0) sums.set(name, (sums.get(name) ?? 0) + milli);
    return sums.size === 0 ? Quantities.EMPTY : new Quantities(sums);
  }

  /** From plain numbers by name (`{ cpus: 1.5 }`), rounded to three decimals. */
  static fromNumbers(numbers: Readonly<Record<string, number>>): Quantities {
    return Quantities.of(Object.entries(numbers).map(([name, value]) => [name, toMilli(value)] as const));
  }

  /**
   * From text such as `cpus:1;mem:32`: repeated names add up, zeros are dropped.
   *
   * @throws ResourceError `resources/bad-text`
   */
  static parse(text: string): Quantities {
    return Quantities.of(parseQuantityEntries(text));
  }

  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  [Symbol.iterator](): Iterator<readonly [name: string, milli: Milli]> {
    return this.entries[Symbol.iterator]();
  }

  /** Thousandths of a name, zero when missing. */
  get(name: string): Milli {
    return this.entries.get(name) ?? 0;
  }

  plus(other: Quantities): Quantities {
    if (other.isEmpty) return this;
    return this.isEmpty ? other : Quantities.of([...this, ...other]);
  }

  /** Difference that stops at zero and drops such names. */
  minus(other: Quantities): Quantities {
    if (other.isEmpty || this.isEmpty) return this;
    const rest = new Map(this.entries);
    for (const [name, milli] of other) {
      const left = (rest.get(name) ?? 0) - milli;
      if (left > 0) rest.set(name, left);
      else rest.delete(name);
    }
    return rest.size === 0 ? Quantities.EMPTY : new Quantities(rest);
  }

  /** Whether each entry of `other` is at most the one here. */
  contains(other: Quantities): boolean {
    for (const [name, milli] of other) if (milli > this.get(name)) return false;
    return true;
  }

  equals(other: Quantities): boolean {
    return this.entries.size === other.entries.size && this.contains(other) && other.contains(this);
  }

  /** Plain numbers by name. */
  toNumbers(): Record<string, number> {
    return Object.fromEntries([...this].map(([name, milli]) => [name, fromMilli(milli)]));
  }

  /** `cpus:1; mem:32`, names in byte order; the empty string when empty. */
  toText(): string {
    return formatQuantityEntries(this.entries);
  }

  toString(): string {
    return this.toText();
  }
}
