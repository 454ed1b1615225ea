import type { NameTable } from './name-table.js';
import { addAt, type Vector, zeroVector } from './vector.js';

/**
 * Scalar totals of all known agents, by interned name: what shares are fractions of.
 *
 * Deactivated and non-whitelisted agents count, a shared volume counts once (allocation rules A17, A23, A25, A26).
 */
export class ClusterTotals {
  /** Thousandths by name. */
  readonly milli: Vector;
  /** What holdings are divided by to get shares: the total, or 0 for a name that takes no part in shares. */
  readonly divisors: Vector;
  readonly #excluded: ReadonlySet<string>;
  readonly #names: NameTable;
  #version = 0;

  /** @param excluded resource names that fair sharing leaves out (allocation rule A24) */
  constructor(names: NameTable, excluded: ReadonlySet<string>) {
    this.#names = names;
    this.#excluded = excluded;
    this.milli = zeroVector(names);
    this.divisors = zeroVector(names);
  }

  /** Rises with each change: whoever caches shares compares it. */
  get version(): number {
    return this.#version;
  }

  add(name: number, milli: number): void {
    if (milli === 0) return;
    addAt(this.milli, name, milli);
    if (!this.#excluded.has(this.#names.nameOf(name))) addAt(this.divisors, name, milli);
    this.#version++;
  }
}
