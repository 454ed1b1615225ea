import { isStrictSubrole, type Limits, Quantities } from '@tranche/resources';
import type { Holding } from '../engine.js';
import type { Simulation } from './simulation.js';

/** What one framework has in one role. */
export interface HolderRow {
  readonly role: string;
  readonly frameworkId: string;
  readonly inUse: Quantities;
  readonly offered: Quantities;
  /** Its dominant share of the cluster: the largest part that it has of any scalar resource. */
  readonly share: number;
}

/** One resource of the whole cluster; quantities in thousandths, ranges and sets by their number of items. */
export interface ResourceRow {
  readonly name: string;
  readonly totalMilli: number;
  readonly inUseMilli: number;
  readonly offeredMilli: number;
}

export interface QuotaRow {
  readonly role: string;
  readonly guarantees: Quantities;
  readonly limits: Limits;
  /** By the role and all below it, offered or in use. */
  readonly held: Quantities;
}

/** Who has what at one moment. */
export interface Overview {
  readonly timeSeconds: number;
  readonly agents: number;
  /** By role, then by framework; also those that have nothing. */
  readonly holders: readonly HolderRow[];
  readonly resources: readonly ResourceRow[];
  readonly quotas: readonly QuotaRow[];
}

/** Names that come first, in this order; the rest follows by name. */
const USUAL_NAMES = ['cpus', 'gpus', 'mem', 'disk', 'ports'];

export function overviewOf(simulation: Simulation): Overview {
  const inUse = sumByHolder(simulation.inUse.all());
  const offered = sumByHolder(simulation.offers.all());
  const total = totalOf(simulation);
  const holders = holderKeys(simulation, [...inUse.keys(), ...offered.keys()]).map(([role, frameworkId]) => {
    const key = JSON.stringify([role, frameworkId]);
    const row = { inUse: inUse.get(key) ?? Quantities.EMPTY, offered: offered.get(key) ?? Quantities.EMPTY };
    const share = simulation.engine.view.frameworkShare(role, frameworkId);
    return { role, frameworkId, ...row, share: share ?? dominantShare(row.inUse.plus(row.offered), total) };
  });
  return {
    timeSeconds: simulation.clock.nowSeconds,
    agents: simulation.agents.size,
    holders,
    resources: resourceRows(total, sumOf(inUse.values()), sumOf(offered.values())),
    quotas: [...simulation.quotas].map(([role, { guarantees, limits }]) => {
      const below = holders.filter((row) => row.role === role || isStrictSubrole(row.role, role));
      return { role, guarantees, limits, held: sumOf(below.map((row) => row.inUse.plus(row.offered))) };
    }),
  };
}

/** Every subscription, and whoever has something without one, sorted. */
function holderKeys(simulation: Simulation, held: readonly string[]): [role: string, frameworkId: string][] {
  const keys = new Set(held);
  for (const { spec } of simulation.frameworks.values()) {
    for (const role of spec.roles) keys.add(JSON.stringify([role, spec.id]));
  }
  return [...keys].toSorted().map((key) => JSON.parse(key) as [string, string]);
}

function resourceRows(total: Quantities, inUse: Quantities, offered: Quantities): ResourceRow[] {
  const place = (name: string): number => USUAL_NAMES.indexOf(name) + 1 || USUAL_NAMES.length + 1;
  return [...total]
    .map(([name]) => name)
    .toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
    .map((name) => ({
      name,
      totalMilli: total.get(name),
      inUseMilli: inUse.get(name),
      offeredMilli: offered.get(name),
    }));
}

function sumByHolder(holdings: Iterable<Holding>): Map<string, Quantities> {
  const sums = new Map<string, Quantities>();
  for (const { role, frameworkId, resources } of holdings) {
    const key = JSON.stringify([role, frameworkId]);
    sums.set(key, (sums.get(key) ?? Quantities.EMPTY).plus(resources.quantities()));
  }
  return sums;
}

function totalOf({ agents, engine }: Simulation): Quantities {
  return sumOf([...agents.keys()].map((id) => engine.view.total(id)?.quantities() ?? Quantities.EMPTY));
}

function sumOf(parts: Iterable<Quantities>): Quantities {
  let sum = Quantities.EMPTY;
  for (const part of parts) sum = sum.plus(part);
  return sum;
}

function dominantShare(held: Quantities, total: Quantities): number {
  return Math.max(0, ...[...held].map(([name, milli]) => (total.get(name) > 0 ? milli / total.get(name) : 0)));
}
