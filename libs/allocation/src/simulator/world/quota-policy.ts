import { compareBytes, isReserved, isStrictSubrole, Limits, Quantities, type Resources } from '@tranche/resources';
import type { Quota } from '../../engine.js';
import type { QuotaText } from '../scenario/options.js';
import type { World } from './world.js';

/** Largest amounts of a quota, in units of the resource. */
const MAX_MEGABYTES = 1_099_511_627_776;
const MAX_OTHERS = 1_000_000_000_000;

export function toQuota({ guarantees, limits }: QuotaText): Quota {
  return { guarantees: guarantees ?? Quantities.EMPTY, limits: limits ?? Limits.EMPTY };
}

/**
 * Why a quota cannot be set; undefined when it can.
 *
 * @param isForced leaves out what depends on the state of the cluster
 * @source allocation rules A14, A70, A72
 */
export function quotaRefusal(world: World, role: string, quota: Quota, isForced: boolean): string | undefined {
  if (role === '*') return 'role * cannot have a quota';
  if (role.includes('/')) return `role ${role} is nested: only top-level roles have quota`;
  const amounts = [...quota.guarantees, ...quota.limits];
  const tooLarge = amounts.find(([name, milli]) => milli / 1000 > maxOf(name));
  if (tooLarge !== undefined) return `${tooLarge[0]} is above ${maxOf(tooLarge[0])}`;
  if (!quota.limits.contains(quota.guarantees)) return 'limits are below guarantees';
  return isForced ? undefined : stateRefusal(world, role, quota);
}

/**
 * Takes offers back so that a new quota can take effect sooner: those of the role while it is above its limits, then
 * those of others while there is not enough for its guarantees.
 *
 * @source allocation rule A71; an offered reservation counts twice, so that this may take back too much
 */
export function rescindForQuota(world: World, role: string, quota: Quota): void {
  const consumed = consumedBy(world, role);
  const isOwn = (other: string): boolean => other === role || isStrictSubrole(other, role);
  let offered = Quantities.EMPTY;
  for (const offer of world.offersOf({})) {
    if (isOwn(offer.role)) offered = offered.plus(offer.resources.scalarQuantities());
  }
  let rescinded = Quantities.EMPTY;
  for (const offer of world.offersOf({})) {
    if (quota.limits.contains(consumed.plus(offered))) break;
    if (!isOwn(offer.role)) continue;
    offered = offered.minus(offer.resources.scalarQuantities());
    rescinded = rescinded.plus(offer.resources.scalarQuantities());
    world.rescind(offer);
  }
  const others = world.offersOf({}).filter((offer) => !isOwn(offer.role));
  for (const offer of others.sort((a, b) => compareBytes(a.agent, b.agent))) {
    if (rescinded.plus(consumed).plus(offered).contains(quota.guarantees)) break;
    rescinded = rescinded.plus(offer.resources.scalarQuantities());
    world.rescind(offer);
  }
}

function stateRefusal(world: World, role: string, quota: Quota): string | undefined {
  const consumed = consumedBy(world, role);
  if (!quota.limits.contains(consumed)) {
    return `limits ${quota.limits.toText()} are below what ${role} uses, which is ${consumed.toText()}`;
  }
  let guaranteed = quota.guarantees;
  for (const [other, { guarantees }] of world.quotas) if (other !== role) guaranteed = guaranteed.plus(guarantees);
  let capacity = Quantities.EMPTY;
  for (const agent of world.agents.keys()) {
    const total = world.engine.view.total(agent);
    if (total !== undefined) capacity = capacity.plus(total.nonRevocable().scalarQuantities());
  }
  if (capacity.contains(guaranteed)) return undefined;
  return `guarantees of all roles, ${guaranteed.toText()}, are above the cluster's ${capacity.toText()}`;
}

/** Reservations of the role's subtree, and what its frameworks use without reservation; offers do not count (A13, A70). */
function consumedBy(world: World, role: string): Quantities {
  const isOwn = (other: string | undefined): boolean =>
    other !== undefined && (other === role || isStrictSubrole(other, role));
  let consumed = Quantities.EMPTY;
  for (const agent of world.agents.keys()) {
    const reserved = world.engine.view.total(agent)?.filter((each) => isOwn(each.reservations.at(-1)?.role));
    if (reserved !== undefined) consumed = consumed.plus(reserved.nonRevocable().scalarQuantities());
  }
  for (const usage of world.inUse.values()) {
    if (isOwn(usage.role)) consumed = consumed.plus(unreserved(usage.resources));
  }
  return consumed;
}

function unreserved(resources: Resources): Quantities {
  return resources
    .nonRevocable()
    .filter((each) => !isReserved(each))
    .scalarQuantities();
}

function maxOf(name: string): number {
  return name === 'mem' || name === 'disk' ? MAX_MEGABYTES : MAX_OTHERS;
}
