import { type Limits, Quantities } from '@tranche/resources';
import type { EngineState } from '../engine-state.js';
import { consumedOf } from '../roles/role.js';
import type { OutstandingOffer } from './explanation.js';
import { addSum, quantitiesOf, type Sums } from './sums.js';

/** What a role may have, has, and waits for. */
export interface RoleAccount {
  readonly role: string;
  /** Top-level role whose quota it is charged to (allocation rule A14); itself if it is one. */
  readonly chargedTo: string;
  readonly weight: number;
  /** As the sorter compares it; absent while nobody is in the role. */
  readonly share?: number;
  readonly guarantees: Quantities;
  readonly limits: Limits | undefined;
  /** What counts against the quota of `chargedTo`, offers included (A13): `used` = `reserved` + `held`. */
  readonly counted: {
    readonly used: Quantities;
    readonly reserved: Quantities;
    readonly held: Quantities;
    readonly offered: Quantities;
  };
  /** What its guarantee still lacks; what others' guarantees lack, which is kept back from it; what is free for both (A42). */
  readonly lacking: Quantities;
  readonly keptForOthers: readonly { readonly role: string; readonly resources: Quantities }[];
  readonly available: Quantities;
  /** Roles that are served before it, the first first. */
  readonly ahead: readonly { readonly role: string; readonly share: number }[];
  /** Its frameworks in the order in which they are served; those that take no offers last. */
  readonly frameworks: readonly {
    readonly frameworkId: string;
    readonly share: number;
    readonly isActive: boolean;
    readonly isSuppressed: boolean;
    readonly holds: Quantities;
  }[];
}

/** @returns undefined for a role that is not known (allocation rule A12) */
export function accountOf(
  state: EngineState,
  name: string,
  offers: Iterable<OutstandingOffer>,
): RoleAccount | undefined {
  const role = state.roles.find(name);
  if (role === undefined) return undefined;
  const { names, roleSorter, cluster } = state;
  const { top } = role;
  const share = roleSorter.share(name);
  const order = roleSorter.listing();
  const place = order.findIndex((path) => path === name || path === `${name}/.`);
  const lacking = Array.from(state.roles.withQuota, (one) => {
    const missing = (one.quota?.guarantees ?? []).map((milli, index) => milli - consumedOf(one, index));
    return { role: one.name, resources: quantitiesOf(missing, names) };
  }).filter(({ resources }) => !resources.isEmpty);
  return {
    role: name,
    chargedTo: top.name,
    weight: role.weight,
    ...(share === undefined ? {} : { share }),
    guarantees: top.quota?.spec.guarantees ?? Quantities.EMPTY,
    limits: top.quota?.hasLimits === true ? top.quota.spec.limits : undefined,
    counted: {
      used: quantitiesOf(top.reserved, names).plus(quantitiesOf(top.unreservedHeld, names)),
      reserved: quantitiesOf(top.reserved, names),
      held: quantitiesOf(top.unreservedHeld, names),
      offered: offeredTo(top.name, offers),
    },
    lacking: lacking.find((one) => one.role === top.name)?.resources ?? Quantities.EMPTY,
    keptForOthers: lacking.filter((one) => one.role !== top.name),
    available: quantitiesOf(cluster.idle, names),
    ahead: order.slice(0, Math.max(0, place)).map((path) => ({ role: path, share: roleSorter.share(path) ?? 0 })),
    frameworks: frameworksOf(state, name),
  };
}

function frameworksOf({ roles, names }: EngineState, name: string): RoleAccount['frameworks'] {
  const role = roles.find(name);
  const order = role?.sorter?.listing() ?? [];
  const placeOf = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...(role?.clients.values() ?? [])]
    .sort((a, b) => placeOf(a.framework.id) - placeOf(b.framework.id))
    .map(({ framework, isActive, holds }) => {
      const sums: Sums = [];
      for (const { bundle } of holds)
        bundle.kinds.forEach(({ name: index }, i) => addSum(sums, index, bundle.milli[i] as number));
      return {
        frameworkId: framework.id,
        share: role?.sorter?.share(framework.id) ?? 0,
        isActive,
        isSuppressed: framework.suppressed.has(name),
        holds: quantitiesOf(sums, names),
      };
    });
}

function offeredTo(top: string, offers: Iterable<OutstandingOffer>): Quantities {
  let sum = Quantities.EMPTY;
  for (const { role, resources } of offers) {
    if (role !== top && !role.startsWith(`${top}/`)) continue;
    sum = sum.plus(
      resources
        .filter(({ reservations, revocable }) => reservations.length === 0 && revocable !== true)
        .scalarQuantities(),
    );
  }
  return sum;
}
