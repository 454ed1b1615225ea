/** Something that ends at a time, in nanoseconds. */
interface Ending {
  readonly endNs: number;
}

/** Binary heap: what ends first comes out first. */
export class ExpiryQueue<T extends Ending> {
  readonly #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(item: T): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as T;
      if (parent.endNs <= item.endNs) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = item;
  }

  /** Takes out the first item that has ended; undefined when none has. */
  popEnded(nowNs: number): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.endNs > nowNs) return undefined;
    const last = heap.pop() as T;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  /** Drops whatever is not to be kept. */
  retain(keep: (item: T) => boolean): void {
    const kept = this.#heap.filter(keep).sort((a, b) => a.endNs - b.endNs);
    this.#heap.length = 0;
    // An ascending list is a heap already.
    for (const item of kept) this.#heap.push(item);
  }

  #sink(item: T): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && (heap[below + 1] as T).endNs < (heap[below] as T).endNs) below++;
      const child = heap[below] as T;
      if (child.endNs >= item.endNs) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = item;
  }
}
