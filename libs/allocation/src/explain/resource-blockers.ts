import type { Quantities } from '@tranche/resources';
import type { AgentRow } from '../cluster/agent-row.js';
import type { Kind } from '../cluster/kind-table.js';
import type { EngineState } from '../engine-state.js';
import type { Client } from '../frameworks/framework.js';
import { passesMinimums } from '../steps/minimums.js';
import type { Blocker, Holder, OutstandingOffer, Shape } from './explanation.js';
import type { OfferedSlots } from './scratch.js';
import { addSum, coversQuantities, isNothing, plus, quantitiesOf, type Sums } from './sums.js';

/** What an agent has, by who may have it and who has it. `own`: reserved for nobody else than the asker's role (A10). */
export interface Parts {
  readonly ownFree: Sums;
  readonly ownOffered: Sums;
  readonly ownInUse: Sums;
  /** Reserved for others and free, by role; and all that is reserved for others. */
  readonly foreignFree: ReadonlyMap<string, Sums>;
  readonly foreign: ReadonlyMap<string, Sums>;
}

export function partsOf(
  { cluster }: EngineState,
  row: AgentRow,
  lineage: readonly string[],
  offered: OfferedSlots,
): Parts {
  const parts = {
    ownFree: [] as Sums,
    ownOffered: [] as Sums,
    ownInUse: [] as Sums,
    foreignFree: new Map<string, Sums>(),
    foreign: new Map<string, Sums>(),
  };
  const start = cluster.start[row.index] as number;
  for (let slot = start; slot < start + (cluster.size[row.index] as number); slot++) {
    const kind = cluster.slots.kinds[slot] as Kind;
    const total = cluster.slots.total[slot] as number;
    const free = cluster.freeMilli(slot);
    if (kind.role !== undefined && !lineage.includes(kind.role)) {
      addSum(sumsOf(parts.foreign, kind.role), kind.name, total);
      if (free > 0) addSum(sumsOf(parts.foreignFree, kind.role), kind.name, free);
      continue;
    }
    const inOffers = Math.min(total - free, offered.get(slot)?.milli ?? 0);
    addSum(parts.ownFree, kind.name, free);
    addSum(parts.ownOffered, kind.name, inOffers);
    addSum(parts.ownInUse, kind.name, total - free - inOffers);
  }
  return parts;
}

/**
 * Why nothing, or not enough, is available to the role on an agent (allocation rule A39, tests 2 and 3).
 *
 * Each part that is not available is an obstacle when it would do together with what is free; if none would alone, all are.
 */
export function resourceBlockers(
  state: EngineState,
  row: AgentRow,
  client: Client,
  shape: Shape | undefined,
  parts: Parts,
  offers: readonly OutstandingOffer[],
): Blocker[] {
  const { names } = state;
  const { ownFree, ownOffered, ownInUse } = parts;
  const does = (sums: Sums): boolean =>
    !isNothing(sums) && (shape === undefined || coversQuantities(sums, shape.quantities, names));
  const minimums = client.minimums ?? state.minimums;
  if (does(ownFree)) return passesMinimums(minimums, ownFree) ? [] : [belowMinimum(state, client, ownFree)];
  const foreignFree = allOf(parts.foreignFree);
  const foreign = allOf(parts.foreign);
  const alone = {
    reserved: !isNothing(foreignFree) && does(plus(ownFree, foreignFree)),
    inUse: !isNothing(ownInUse) && does(plus(ownFree, ownInUse)),
    offered: !isNothing(ownOffered) && does(plus(ownFree, ownOffered)),
  };
  const isNoneAlone = !alone.reserved && !alone.inUse && !alone.offered;
  const own = plus(plus(ownFree, ownInUse), ownOffered);
  const joint = isNoneAlone && does(plus(own, foreign));
  const blockers: Blocker[] = [];
  if (alone.reserved || (joint && !does(own) && !isNothing(foreign))) {
    const reserved = isNothing(foreignFree) ? parts.foreign : parts.foreignFree;
    const reservedTo = Array.from(reserved, ([role, sums]) => ({ role, resources: quantitiesOf(sums, names) }));
    blockers.push({ code: 'agent.reserved', reservedTo });
  }
  if (alone.inUse || (joint && !isNothing(ownInUse)))
    blockers.push({ code: 'agent.in_use', holders: usersOf(state, row, offers) });
  if (alone.offered || (joint && !isNothing(ownOffered)))
    blockers.push({ code: 'agent.offered', holders: offerHolders(offers) });
  if (blockers.length > 0) return blockers;
  if (shape === undefined) return [belowMinimum(state, client, ownFree)];
  return [tooBig(state, shape, own)];
}

function tooBig({ names }: EngineState, { quantities }: Shape, own: Sums): Blocker {
  const short = [...quantities].flatMap(([name, asked]) => {
    const has = own[names.find(name) ?? -1] ?? 0;
    return has < asked ? [{ name, asked, has }] : [];
  });
  return { code: 'shape.too_big', short };
}

function belowMinimum({ names, minimums }: EngineState, client: Client, free: Sums): Blocker {
  const lists = (client.minimums ?? minimums).map((minimum) => {
    const sums: Sums = [];
    minimum.names.forEach((name, i) => addSum(sums, name, minimum.milli[i] as number));
    return quantitiesOf(sums, names);
  });
  return { code: 'agent.below_minimum', free: quantitiesOf(free, names), minimums: lists };
}

/** Who uses something, the largest in cpus first. */
function usersOf({ names }: EngineState, row: AgentRow, offers: readonly OutstandingOffer[]): Holder[] {
  return row.holds
    .map(({ client, bundle }) => {
      const sums: Sums = [];
      bundle.kinds.forEach(({ name }, i) => addSum(sums, name, bundle.milli[i] as number));
      const frameworkId = client.framework.id;
      const role = client.role.name;
      const offered = offers.filter((offer) => offer.frameworkId === frameworkId && offer.role === role);
      const resources = offered.reduce(
        (rest: Quantities, offer) => rest.minus(offer.resources.quantities()),
        quantitiesOf(sums, names),
      );
      return { frameworkId, role, resources };
    })
    .filter(({ resources }) => !resources.isEmpty)
    .sort((a, b) => b.resources.get('cpus') - a.resources.get('cpus'));
}

function offerHolders(offers: readonly OutstandingOffer[]): (Holder & { offerId: string; madeAtMs: number })[] {
  return offers.map(({ offerId, frameworkId, role, resources, madeAtMs }) => ({
    offerId,
    frameworkId,
    role,
    madeAtMs,
    resources: resources.quantities(),
  }));
}

function sumsOf(map: Map<string, Sums>, role: string): Sums {
  const known = map.get(role) ?? [];
  map.set(role, known);
  return known;
}

function allOf(map: ReadonlyMap<string, Sums>): Sums {
  return [...map.values()].reduce(plus, []);
}
