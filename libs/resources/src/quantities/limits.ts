import { ResourceError } from '../resource.errors.js';
import { fromMilli, type Milli, toMilli } from '../values/milli.js';
import type { Quantities } from './quantities.js';
import { formatQuantityEntries, parseQuantityEntries } from './quantity-text.js';

/**
 * Immutable vector of upper bounds by name; a missing name is unlimited, a zero allows nothing.
 *
 * @source allocation rule A8
 */
export class Limits implements Iterable<readonly [name: string, milli: Milli]> {
  /** Limits nothing. */
  static readonly EMPTY: Limits = new Limits(new Map());

  private constructor(private readonly entries: ReadonlyMap<string, Milli>) {}

  /** From names and thousandths ≥ 0; of a repeated name the last counts. */
  static of(entries: Iterable<readonly [name: string, milli: Milli]>): Limits {
    const bounds = new Map<string, Milli>(entries);
    return bounds.size === 0 ? Limits.EMPTY : new Limits(bounds);
  }

  /** From plain numbers by name (`{ cpus: 1.5 }`), rounded to three decimals. */
  static fromNumbers(numbers: Readonly<Record<string, number>>): Limits {
    return Limits.of(Object.entries(numbers).map(([name, value]) => [name, toMilli(value)] as const));
  }

  /**
   * From text such as `cpus:1;mem:0`: zeros are kept.
   *
   * @throws ResourceError `resources/bad-text`, also for a repeated name
   */
  static parse(text: string): Limits {
    const entries = parseQuantityEntries(text);
    const names = new Set<string>();
    for (const [name] of entries) {
      if (names.has(name)) throw new ResourceError('resources/bad-text', `${name}: limit given twice`);
      names.add(name);
    }
    return Limits.of(entries);
  }

  /** True when nothing is limited. */
  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  [Symbol.iterator](): Iterator<readonly [name: string, milli: Milli]> {
    return this.entries[Symbol.iterator]();
  }

  /** Thousandths of a name; undefined means unlimited. */
  get(name: string): Milli | undefined {
    return this.entries.get(name);
  }

  /** What is left of each limit; stops at zero and keeps the name. */
  minus(used: Quantities): Limits {
    if (used.isEmpty || this.isEmpty) return this;
    const rest = new Map<string, Milli>();
    for (const [name, milli] of this) rest.set(name, Math.max(0, milli - used.get(name)));
    return new Limits(rest);
  }

  /** Whether each limited name stays within its limit. */
  contains(quantities: Quantities): boolean {
    for (const [name, milli] of this) if (quantities.get(name) > milli) return false;
    return true;
  }

  equals(other: Limits): boolean {
    if (this.entries.size !== other.entries.size) return false;
    for (const [name, milli] of this) if (other.get(name) !== milli) return false;
    return true;
  }

  /** Plain numbers by name. */
  toNumbers(): Record<string, number> {
    return Object.fromEntries([...this].map(([name, milli]) => [name, fromMilli(milli)]));
  }

  /** `cpus:1; mem:0`, names in byte order; the empty string when nothing is limited. */
  toText(): string {
    return formatQuantityEntries(this.entries);
  }

  toString(): string {
    return this.toText();
  }
}
