import { type ResourceValue, subtractValues, valueQuantity } from '@tranche/resources';
import { AGENT_TRAITS, type AgentRow } from './agent-row.js';
import type { Bundle } from './bundle.js';
import type { ClusterTotals } from './cluster-totals.js';
import type { Kind } from './kind-table.js';
import type { NameTable } from './name-table.js';
import { SlotStore } from './slot-store.js';
import { addAt, type Vector, zeroVector } from './vector.js';

/**
 * Agents × resources in flat arrays: what each agent has, what of it is held, and what is free.
 *
 * Knows no frameworks and no roles beyond the identity of reserved resources. A cycle reads the columns directly.
 */
export class ClusterTable {
  readonly slots = new SlotStore();
  readonly rows: (AgentRow | undefined)[] = [];
  /** First slot and number of slots of each agent. */
  start = new Int32Array(64);
  size = new Int32Array(64);
  /** How many of the agent's slots have something free; shared volumes always have (A29). */
  freeSlots = new Int32Array(64);
  /** `AGENT_TRAITS` of each agent. */
  traits = new Uint16Array(64);
  /** Change number of the engine at which every framework had been tried on the agent in vain; 0 when it must be visited. */
  settledAt = new Float64Array(64);
  /** 1 when a limit or the headroom kept something of the agent back at its last visit. */
  boundByQuota = new Uint8Array(64);
  /** Free, unreserved, non-revocable scalars of all agents: the available headroom (A42). */
  readonly idle: Vector;
  readonly #totals: ClusterTotals;
  readonly #names: NameTable;
  readonly #free: number[] = [];
  #count = 0;

  constructor(names: NameTable, totals: ClusterTotals) {
    this.#names = names;
    this.#totals = totals;
    this.idle = zeroVector(names);
  }

  /** Number of agents. */
  get count(): number {
    return this.#count;
  }

  /** Makes room for an agent without resources and returns its index. */
  claim(): number {
    this.#count++;
    const index = this.#free.pop() ?? this.rows.length;
    if (index === this.start.length) this.#enlarge(index * 2);
    this.start[index] = this.size[index] = this.freeSlots[index] = 0;
    this.traits[index] = this.settledAt[index] = this.boundByQuota[index] = 0;
    return index;
  }

  release(row: AgentRow): void {
    this.#clear(row.index);
    this.rows[row.index] = undefined;
    this.#free.push(row.index);
    this.#count--;
  }

  /** Replaces an agent's slots by those of its bundle, and counts what is held there again. */
  setTotal(row: AgentRow): void {
    const { index, bundle } = row;
    this.#clear(index);
    const length = bundle.kinds.length;
    const start = this.slots.reserve(length);
    this.start[index] = start;
    this.size[index] = length;
    for (let i = 0; i < length; i++) this.#fill(start + i, bundle, i);
    this.traits[index] = ((this.traits[index] as number) & ~RESOURCE_TRAITS) | this.#resourceTraits(bundle);
    this.settledAt[index] = 0;
    this.#countFree(index);
    for (const hold of row.holds) this.take(row, hold.bundle);
    if (this.slots.isWasteful) this.#compact();
  }

  /** Something is offered or in use: it is no longer free. Kinds that the agent does not have are ignored. */
  take(row: AgentRow, taken: Bundle): void {
    if (taken === row.bundle && this.#isUntouched(row)) this.#setAll(row, true);
    else this.#change(row, taken, 1);
  }

  /** Something is free again. The agent's list of holds must be up to date before. */
  giveBack(row: AgentRow, returned: Bundle): void {
    if (returned === row.bundle && row.holds.length === 0) this.#setAll(row, false);
    else this.#change(row, returned, -1);
    this.settledAt[row.index] = 0;
  }

  /** Free thousandths of a slot, never negative; a shared volume is always free. */
  freeMilli(slot: number): number {
    const { slots } = this;
    const total = slots.total[slot] as number;
    if ((slots.kinds[slot] as Kind).isShared) return total;
    const free = total - (slots.held[slot] as number);
    return free > 0 ? free : 0;
  }

  /** All kinds in use as totals, for forgetting the others. */
  *kindsInUse(): Generator<Kind> {
    for (const row of this.rows) {
      if (row === undefined) continue;
      yield* row.bundle.kinds;
      for (const hold of row.holds) yield* hold.bundle.kinds;
      for (const filter of row.filters) yield* filter.bundle.kinds;
    }
  }

  /** Whether all of the agent is free. */
  #isUntouched({ index }: AgentRow): boolean {
    const start = this.start[index] as number;
    const end = start + (this.size[index] as number);
    for (let slot = start; slot < end; slot++) if (this.slots.held[slot] !== 0) return false;
    return true;
  }

  /** Takes a whole agent, or gives it back: the usual offer. */
  #setAll({ index, bundle }: AgentRow, isTaken: boolean): void {
    const { held, total, free, values } = this.slots;
    const start = this.start[index] as number;
    const length = this.size[index] as number;
    let count = 0;
    for (let i = 0; i < length; i++) {
      const slot = start + i;
      const kind = bundle.kinds[i] as Kind;
      if (kind.isBounded && !kind.isShared) {
        const before = this.freeMilli(slot);
        addAt(this.idle, kind.name, (isTaken ? 0 : (total[slot] as number)) - before);
      }
      const isFree = kind.isShared || !isTaken;
      if (isFree) count++;
      held[slot] = isFree ? 0 : (total[slot] as number);
      if (!kind.isScalar) free[slot] = isTaken ? nothingOf(values[slot] as ResourceValue) : values[slot];
    }
    this.freeSlots[index] = count;
  }

  #change(row: AgentRow, bundle: Bundle, sign: 1 | -1): void {
    const start = this.start[row.index] as number;
    const end = start + (this.size[row.index] as number);
    let next = start;
    for (let i = 0; i < bundle.kinds.length; i++) {
      const kind = bundle.kinds[i] as Kind;
      if (kind.isShared) continue;
      const slot = this.#find(kind, bundle.milli[i] as number, sign, start, end, next);
      if (slot < 0) continue;
      this.#changeSlot(row, slot, kind, sign * (bundle.milli[i] as number), bundle.values?.[i]);
      next = slot + 1;
    }
  }

  #changeSlot(row: AgentRow, slot: number, kind: Kind, milli: number, value: ResourceValue | undefined): void {
    const { slots } = this;
    const before = this.freeMilli(slot);
    if (kind.isScalar) {
      slots.held[slot] = Math.max(0, (slots.held[slot] as number) + milli);
    } else {
      this.#changeFreeValue(row, slot, kind, milli > 0 ? value : undefined);
    }
    const after = this.freeMilli(slot);
    if (kind.isBounded) addAt(this.idle, kind.name, after - before);
    if (before > 0 !== after > 0) {
      this.freeSlots[row.index] = (this.freeSlots[row.index] as number) + (after > 0 ? 1 : -1);
    }
  }

  /** Takes `taken` off what is free of ranges or a set; without it, subtracts anew whatever is held. */
  #changeFreeValue(row: AgentRow, slot: number, kind: Kind, taken: ResourceValue | undefined): void {
    const { slots } = this;
    let free = slots.free[slot] as ResourceValue;
    if (taken !== undefined) {
      free = taken === free ? nothingOf(free) : subtractValues(free, taken);
    } else {
      free = slots.values[slot] as ResourceValue;
      for (const { bundle } of row.holds) {
        const at = bundle.kinds.indexOf(kind);
        if (at >= 0) free = subtractValues(free, bundle.values?.[at] as ResourceValue);
      }
    }
    slots.free[slot] = free;
    slots.held[slot] = (slots.total[slot] as number) - valueQuantity(free);
  }

  /** The slot of a kind; of indivisible ones the first that is whole and free, or whole and taken. */
  #find(kind: Kind, milli: number, sign: 1 | -1, start: number, end: number, hint: number): number {
    const { kinds, total, held } = this.slots;
    for (let step = 0, slot = hint; step < end - start; step++, slot++) {
      if (slot >= end) slot = start;
      if (kinds[slot] !== kind) continue;
      if (!kind.isIndivisible) return slot;
      if (total[slot] === milli && (held[slot] === 0) === sign > 0) return slot;
    }
    return -1;
  }

  #fill(slot: number, bundle: Bundle, i: number): void {
    const { slots } = this;
    const kind = bundle.kinds[i] as Kind;
    const milli = bundle.milli[i] as number;
    slots.kinds[slot] = kind;
    slots.total[slot] = milli;
    slots.held[slot] = 0;
    slots.values[slot] = slots.free[slot] = bundle.values?.[i];
    if (kind.isScalar) this.#totals.add(kind.name, milli);
    if (kind.isBounded) addAt(this.idle, kind.name, milli);
  }

  #clear(index: number): void {
    const start = this.start[index] as number;
    const length = this.size[index] as number;
    for (let slot = start; slot < start + length; slot++) {
      const kind = this.slots.kinds[slot] as Kind;
      if (kind.isScalar) this.#totals.add(kind.name, -(this.slots.total[slot] as number));
      if (kind.isBounded) addAt(this.idle, kind.name, -this.freeMilli(slot));
    }
    this.slots.release(start, length);
    this.size[index] = 0;
    this.freeSlots[index] = 0;
  }

  #countFree(index: number): void {
    const start = this.start[index] as number;
    let count = 0;
    for (let slot = start; slot < start + (this.size[index] as number); slot++) if (this.freeMilli(slot) > 0) count++;
    this.freeSlots[index] = count;
  }

  #resourceTraits(bundle: Bundle): number {
    let traits = 0;
    const bounded = new Set<number>();
    for (const kind of bundle.kinds) {
      if (this.#names.nameOf(kind.name) === 'gpus') traits |= AGENT_TRAITS.hasGpus;
      if (kind.role !== undefined) traits |= AGENT_TRAITS.hasReservations;
      if (kind.isRefined || kind.isRevocable || kind.isShared) traits |= AGENT_TRAITS.hasSpecials;
      if (kind.isShared) traits |= AGENT_TRAITS.hasShared;
      if (kind.isBounded && bounded.has(kind.name)) traits |= AGENT_TRAITS.hasTwins;
      if (kind.isBounded) bounded.add(kind.name);
    }
    return traits;
  }

  #compact(): void {
    const { start, size } = this;
    const runs = this.rows
      .filter((row) => row !== undefined)
      .map(({ index }) => ({
        start: start[index] as number,
        length: size[index] as number,
        moved: (to: number) => {
          start[index] = to;
        },
      }));
    this.slots.compact(runs);
  }

  #enlarge(length: number): void {
    for (const column of ['start', 'size', 'freeSlots'] as const) {
      const larger = new Int32Array(length);
      larger.set(this[column]);
      this[column] = larger;
    }
    const traits = new Uint16Array(length);
    traits.set(this.traits);
    this.traits = traits;
    const settledAt = new Float64Array(length);
    settledAt.set(this.settledAt);
    this.settledAt = settledAt;
    const boundByQuota = new Uint8Array(length);
    boundByQuota.set(this.boundByQuota);
    this.boundByQuota = boundByQuota;
  }
}

const RESOURCE_TRAITS =
  AGENT_TRAITS.hasGpus |
  AGENT_TRAITS.hasReservations |
  AGENT_TRAITS.hasSpecials |
  AGENT_TRAITS.hasShared |
  AGENT_TRAITS.hasTwins;

const NO_RANGES: ResourceValue = { kind: 'ranges', ranges: [] };
const NO_ITEMS: ResourceValue = { kind: 'set', items: [] };

function nothingOf(value: ResourceValue): ResourceValue {
  return value.kind === 'ranges' ? NO_RANGES : NO_ITEMS;
}
