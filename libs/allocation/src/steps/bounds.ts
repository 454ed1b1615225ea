import type { Kind } from '../cluster/kind-table.js';
import type { EngineState } from '../engine-state.js';
import type { Visit } from './visit.js';

/**
 * Cuts the bounded part of an offer (unreserved, non-revocable scalars) to what is left of a bound.
 *
 * @source allocation rules A6, A9, A43
 */
export class Bounds {
  /** Thousandths left, by name. */
  #left: Float64Array;
  #isLimited: Uint8Array;
  /** Slots in the order in which they are cut. */
  readonly #order: number[] = [];

  constructor(private readonly state: EngineState) {
    this.#left = new Float64Array(state.names.capacity);
    this.#isLimited = new Uint8Array(state.names.capacity);
  }

  /** Begins a new bound. @param unbounded whether names without a bound are kept whole (limits) or dropped (quantities) */
  begin(unbounded: 'keep' | 'drop'): void {
    const { capacity } = this.state.names;
    if (this.#left.length < capacity) {
      this.#left = new Float64Array(capacity);
      this.#isLimited = new Uint8Array(capacity);
    }
    this.#left.fill(0);
    this.#isLimited.fill(unbounded === 'keep' ? 0 : 1);
  }

  set(name: number, milli: number): void {
    this.#left[name] = Math.max(0, milli);
    this.#isLimited[name] = 1;
  }

  /**
   * Cuts `amounts` in place.
   *
   * @param amounts thousandths by slot of the agent visited; only bounded kinds are looked at
   * @param isTwinned whether two bounded slots have one name, so that their order matters
   * @returns whether anything was cut
   */
  cut(visit: Visit, amounts: Float64Array, isTwinned: boolean): boolean {
    const { kinds } = this.state.cluster.slots;
    let isCut = false;
    for (const i of this.#cuttingOrder(visit, isTwinned)) {
      const kind = kinds[visit.start + i] as Kind;
      const amount = amounts[i] as number;
      if (amount === 0 || !kind.isBounded || this.#isLimited[kind.name] === 0) continue;
      const left = this.#left[kind.name] as number;
      const kept = amount <= left ? amount : kind.isIndivisible ? 0 : left;
      this.#left[kind.name] = left - kept;
      if (kept === amount) continue;
      amounts[i] = kept;
      isCut = true;
    }
    return isCut;
  }

  #cuttingOrder(visit: Visit, isTwinned: boolean): readonly number[] {
    const order = this.#order;
    if (order.length !== visit.size) {
      order.length = 0;
      for (let i = 0; i < visit.size; i++) order.push(i);
    }
    if (!isTwinned || this.state.options.agentOrder === 'id') return order;
    const shuffled = [...order];
    shuffle(shuffled, shuffled.length, this.state.options.random);
    return shuffled;
  }
}

/** Fisher and Yates: all orders of the first `length` entries are equally likely. */
export function shuffle<T extends { [index: number]: number }>(list: T, length: number, random: () => number): void {
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const swapped = list[i] as number;
    (list as Record<number, number>)[i] = list[j] as number;
    (list as Record<number, number>)[j] = swapped;
  }
}
