import type { ResourceValue } from '@tranche/resources';
import type { Kind } from './kind-table.js';

/**
 * The resources of all agents, one slot each, in flat columns: an agent owns a run of neighbouring slots.
 *
 * Runs are handed out at the end; when more than half of the columns is waste, the owner moves everything together.
 */
export class SlotStore {
  kinds: Kind[] = [];
  /** Thousandths; of ranges and sets the number of integers or items, times a thousand. */
  total = new Float64Array(256);
  /** How much is offered or in use. May exceed the total after the total has shrunk (allocation rule A29). */
  held = new Float64Array(256);
  /** Ranges and sets: the total, and what of it is free. */
  values: (ResourceValue | undefined)[] = [];
  free: (ResourceValue | undefined)[] = [];
  #end = 0;
  #wasted = 0;

  /** Whether moving the runs together would halve the columns. */
  get isWasteful(): boolean {
    return this.#wasted > 4096 && this.#wasted * 2 > this.#end;
  }

  /** A run of slots at the end, unset. */
  reserve(length: number): number {
    const start = this.#end;
    this.#end += length;
    if (this.#end > this.total.length) {
      const size = Math.max(this.#end, this.total.length * 2);
      this.total = enlarged(this.total, size);
      this.held = enlarged(this.held, size);
    }
    return start;
  }

  release(start: number, length: number): void {
    this.#wasted += length;
    // References are let go at once: kinds and values must not live on in waste.
    for (let slot = start; slot < start + length; slot++) {
      this.kinds[slot] = undefined as unknown as Kind;
      this.values[slot] = this.free[slot] = undefined;
    }
  }

  /** Copies the runs into fresh columns, one after the other; `moved` hears each run's new start. */
  compact(runs: Iterable<{ start: number; length: number; moved: (start: number) => void }>): void {
    const { kinds, total, held, values, free } = this;
    this.kinds = [];
    this.values = [];
    this.free = [];
    this.total = new Float64Array(total.length);
    this.held = new Float64Array(held.length);
    this.#end = 0;
    this.#wasted = 0;
    for (const { start, length, moved } of runs) {
      const to = this.reserve(length);
      this.total.set(total.subarray(start, start + length), to);
      this.held.set(held.subarray(start, start + length), to);
      for (let i = 0; i < length; i++) {
        this.kinds[to + i] = kinds[start + i] as Kind;
        this.values[to + i] = values[start + i];
        this.free[to + i] = free[start + i];
      }
      moved(to);
    }
  }
}

function enlarged(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(column);
  return larger;
}
