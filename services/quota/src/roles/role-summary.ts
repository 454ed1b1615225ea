import { compareBytes, Quantities, roleAncestors } from '@tranche/resources';
import type { RoleUsage } from '../usage/role-usage.js';
import { DEFAULT_WEIGHT, type RoleConfigs } from './role-configs.js';

/** A role with what is set for it and what is held in it and the roles below it. Amounts in thousandths by resource name. */
export interface RoleSummary extends RoleSums {
  readonly name: string;
  readonly weight: number;
  readonly guarantees: Quantities;
  /** A name without an entry is unlimited; an entry of zero allows nothing. */
  readonly limitsMilli: Readonly<Record<string, number>>;
  /** Subscribed to this very role. */
  readonly frameworkIds: readonly string[];
}

interface RoleSums {
  /** What counts against the quota: reservations, held or not, and what is allocated besides. */
  readonly consumed: Quantities;
  readonly allocated: Quantities;
  readonly offered: Quantities;
  readonly reserved: Quantities;
}

const NOTHING: RoleSums = {
  consumed: Quantities.EMPTY,
  allocated: Quantities.EMPTY,
  offered: Quantities.EMPTY,
  reserved: Quantities.EMPTY,
};

const plus = (a: RoleSums, b: RoleSums): RoleSums => ({
  consumed: a.consumed.plus(b.consumed),
  allocated: a.allocated.plus(b.allocated),
  offered: a.offered.plus(b.offered),
  reserved: a.reserved.plus(b.reserved),
});

/**
 * Every role that is known: somebody is in it, holds something in it or has it reserved, or something was set for it; and the roles
 * above. By name, in byte order.
 *
 * @source classic endpoints: `/roles`
 */
export function summarizeRoles(configs: RoleConfigs, usage: RoleUsage): RoleSummary[] {
  const frameworks = usage.frameworksByRole();
  const reservations = usage.reservedByRole();
  const known = new Set([...frameworks.keys(), ...reservations.keys(), ...usage.rolesHolding()]);
  for (const { name } of configs.all()) known.add(name);
  const sums = new Map<string, RoleSums>();
  for (const role of known) {
    const own = sumsOf(role, usage, reservations.get(role) ?? Quantities.EMPTY);
    for (const name of [role, ...roleAncestors(role)]) sums.set(name, plus(sums.get(name) ?? NOTHING, own));
  }
  return [...sums]
    .toSorted(([a], [b]) => compareBytes(a, b))
    .map(([name, held]) => {
      const { weight = DEFAULT_WEIGHT, guaranteesMilli = {}, limitsMilli = {} } = configs.get(name);
      const guarantees = Quantities.of(Object.entries(guaranteesMilli));
      return { name, weight, guarantees, limitsMilli, ...held, frameworkIds: frameworks.get(name) ?? [] };
    });
}

/** In the role itself. */
function sumsOf(role: string, usage: RoleUsage, reserved: Quantities): RoleSums {
  const { allocated, allocatedUnreserved, offered } = usage.heldIn(role);
  return { allocated, offered, reserved, consumed: reserved.plus(allocatedUnreserved) };
}
