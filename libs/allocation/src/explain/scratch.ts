import {
  addValues,
  identityKey,
  type Resource,
  type ResourceValue,
  subtractValues,
  valueQuantity,
} from '@tranche/resources';
import type { ClusterTable } from '../cluster/cluster-table.js';
import type { Kind } from '../cluster/kind-table.js';
import type { SlotStore } from '../cluster/slot-store.js';
import { addAt } from '../cluster/vector.js';
import type { EngineState } from '../engine-state.js';
import type { OutstandingOffer } from './explanation.js';

/** What is taken to be free that is not: what is in use, what is offered. */
export interface Freed {
  readonly inUse: boolean;
  readonly offered: boolean;
}

/** Which slots the outstanding offers hold, and how much of each. */
export type OfferedSlots = ReadonlyMap<number, { milli: number; values: ResourceValue[] }>;

/** Finds the slots of what is offered. Offers of agents or resources that are not there (any more) are left out. */
export function offeredSlots(state: EngineState, offers: Iterable<OutstandingOffer>): OfferedSlots {
  const found = new Map<number, { milli: number; values: ResourceValue[] }>();
  for (const { agentId, resources } of offers) {
    const row = state.agents.get(agentId);
    if (row === undefined) continue;
    const start = state.cluster.start[row.index] as number;
    const end = start + (state.cluster.size[row.index] as number);
    for (const resource of resources) {
      const slot = findSlot(state.cluster, resource, start, end);
      if (slot < 0) continue;
      const entry = found.get(slot) ?? { milli: 0, values: [] };
      entry.milli += valueQuantity(resource.value);
      if (resource.value.kind !== 'scalar') entry.values.push(resource.value);
      found.set(slot, entry);
    }
  }
  return found;
}

/**
 * The engine's state with columns of its own for all that trying things out changes: the tests of a cycle run on it as they do
 * on the real one, and the engine never hears of it.
 *
 * Everything else is shared, so this costs a copy of the slots' amounts. Cutting follows stored order: no randomness is drawn.
 */
export function scratchOf(state: EngineState, freed: Freed, offered: OfferedSlots): EngineState {
  const { cluster } = state;
  const slots: SlotStore = Object.assign(Object.create(cluster.slots) as SlotStore, {
    held: cluster.slots.held.slice(),
    free: [...cluster.slots.free],
  });
  const scratch = Object.assign(Object.create(cluster) as ClusterTable, {
    slots,
    freeSlots: cluster.freeSlots.slice(),
    boundByQuota: cluster.boundByQuota.slice(),
    idle: [...cluster.idle],
  });
  const copy = Object.assign(Object.create(Object.getPrototypeOf(state) as object) as EngineState, state, {
    cluster: scratch,
    options: { ...state.options, agentOrder: 'id' as const },
  });
  if (freed.inUse || freed.offered) free(copy, freed, offered);
  return copy;
}

function free({ cluster, agents }: EngineState, freed: Freed, offered: OfferedSlots): void {
  const { slots } = cluster;
  for (const { index } of agents.values()) {
    const start = cluster.start[index] as number;
    let count = 0;
    for (let slot = start; slot < start + (cluster.size[index] as number); slot++) {
      const kind = slots.kinds[slot] as Kind;
      const before = cluster.freeMilli(slot);
      if (kind.isScalar) slots.held[slot] = heldScalar(slots, slot, freed, offered);
      else freeValue(slots, slot, freed, offered);
      const after = cluster.freeMilli(slot);
      if (kind.isBounded) addAt(cluster.idle, kind.name, after - before);
      if (after > 0) count++;
    }
    cluster.freeSlots[index] = count;
  }
}

function heldScalar(slots: SlotStore, slot: number, freed: Freed, offered: OfferedSlots): number {
  const held = slots.held[slot] as number;
  const inOffers = Math.min(held, offered.get(slot)?.milli ?? 0);
  return (freed.inUse ? 0 : held - inOffers) + (freed.offered ? 0 : inOffers);
}

function freeValue(slots: SlotStore, slot: number, freed: Freed, offered: OfferedSlots): void {
  const values = offered.get(slot)?.values ?? [];
  const total = slots.values[slot] as ResourceValue;
  if (freed.inUse) setFree(slots, slot, freed.offered ? total : values.reduce(subtractValues, total));
  else setFree(slots, slot, values.reduce(addValues, slots.free[slot] as ResourceValue));
}

function setFree(slots: SlotStore, slot: number, value: ResourceValue): void {
  slots.free[slot] = value;
  slots.held[slot] = Math.max(0, (slots.total[slot] as number) - valueQuantity(value));
}

function findSlot({ slots }: ClusterTable, resource: Resource, start: number, end: number): number {
  const key = identityKey(
    resource.allocationRole === undefined ? resource : { ...resource, allocationRole: undefined },
  );
  for (let slot = start; slot < end; slot++) if (slots.kinds[slot]?.key === key) return slot;
  return -1;
}
