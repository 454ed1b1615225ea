import type { Quantities } from '@tranche/resources';
import type { RoleSummary } from '../roles/role-summary.js';

/** Amounts of scalar resources, units in the names. Only names that have an amount are there. */
export interface RoleAmounts {
  cpus?: number;
  gpus?: number;
  memBytes?: number;
  diskBytes?: number;
}

/** Items of `GET /v1/roles`. Amounts include the roles below. */
export interface RoleView {
  name: string;
  weight: number;
  guarantee: RoleAmounts;
  /** A resource without an entry is unlimited. */
  limit: RoleAmounts;
  /** What counts against guarantee and limit. */
  consumed: RoleAmounts;
  allocated: RoleAmounts;
  offered: RoleAmounts;
  reserved: RoleAmounts;
  /** Ids of the frameworks that are subscribed to this very role. */
  frameworks: string[];
}

const MILLI = 1_000;
const BYTES_PER_MB = 1 << 20;

export const roleView = (role: RoleSummary): RoleView => ({
  name: role.name,
  weight: role.weight,
  guarantee: amountsOf(role.guarantees),
  limit: amountsOf(Object.entries(role.limitsMilli)),
  consumed: amountsOf(role.consumed),
  allocated: amountsOf(role.allocated),
  offered: amountsOf(role.offered),
  reserved: amountsOf(role.reserved),
  frameworks: [...role.frameworkIds],
});

function amountsOf(amounts: Quantities | Iterable<readonly [string, number]>): RoleAmounts {
  const milli = new Map(amounts);
  const amount = (name: string, unit = 1): number | undefined => {
    const value = milli.get(name);
    return value === undefined ? undefined : (value / MILLI) * unit;
  };
  const all = {
    cpus: amount('cpus'),
    gpus: amount('gpus'),
    memBytes: amount('mem', BYTES_PER_MB),
    diskBytes: amount('disk', BYTES_PER_MB),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
