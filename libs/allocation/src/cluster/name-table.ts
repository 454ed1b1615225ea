/**
 * Interned resource names: `cpus` ↔ 0, `mem` ↔ 1 … Vectors of quantities are indexed by these numbers.
 *
 * Names are never forgotten: there are a handful in a cluster. When their number passes the capacity, the capacity
 * doubles and whoever keeps vectors in one flat array is told to make room.
 */
export class NameTable {
  readonly #indexes = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #growers: ((capacity: number) => void)[] = [];
  #capacity = 4;

  /** Length that every quantity vector has: at least the number of names. */
  get capacity(): number {
    return this.#capacity;
  }

  get count(): number {
    return this.#names.length;
  }

  /** The number of a name, given out now if it is new. */
  intern(name: string): number {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    const index = this.#names.push(name) - 1;
    this.#indexes.set(name, index);
    if (this.#names.length > this.#capacity) {
      this.#capacity *= 2;
      for (const grow of this.#growers) grow(this.#capacity);
    }
    return index;
  }

  find(name: string): number | undefined {
    return this.#indexes.get(name);
  }

  nameOf(index: number): string {
    return this.#names[index] as string;
  }

  /** Calls back whenever vectors must become longer. */
  onGrow(grow: (capacity: number) => void): void {
    this.#growers.push(grow);
  }
}
