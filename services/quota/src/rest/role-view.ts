import { resourceAmounts, type RoleAmounts, type RoleView } from '@tranche/contracts';
import type { Quantities } from '@tranche/resources';
import type { RoleSummary } from '../roles/role-summary.js';

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

/** Names of the resources behind the members. */
const NAMES = { cpus: 'cpus', gpus: 'gpus', memBytes: 'mem', diskBytes: 'disk' } as const satisfies Record<
  keyof RoleAmounts,
  string
>;

/** Amounts in thousandths by resource name, as `/v1` shows them. */
export function amountsOf(amounts: Quantities | Iterable<readonly [string, number]>): RoleAmounts {
  const milli = new Map(amounts);
  const { ports: _none, ...all } = resourceAmounts((name) => milli.get(name) ?? 0, []);
  const members = Object.keys(NAMES) as (keyof RoleAmounts)[];
  return Object.fromEntries(
    members.filter((member) => milli.has(NAMES[member])).map((member) => [member, all[member]]),
  );
}
