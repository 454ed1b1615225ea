import { isBelowRole } from '@tranche/mesos-api';
import { Quantities } from '@tranche/resources';
import { guaranteesOf, isWithin, type Quota } from './quota.js';

/** An outstanding offer, as far as quotas look at it. */
export interface OutstandingOffer {
  readonly offerId: string;
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  readonly offered: Quantities;
}

/**
 * Which offers go so that a new quota can be kept: offers of the role and below it while the limits are exceeded, then others', agent by
 * agent, until what is free, offered and used is enough for the guarantees.
 *
 * Best effort, and it may be too much: an offered reservation is counted twice.
 *
 * @source allocation rule A71
 */
export function offersToRescind(
  quota: Quota,
  consumed: Quantities,
  offers: readonly OutstandingOffer[],
): OutstandingOffer[] {
  const [own, others] = divided(offers, ({ role }) => role === quota.role || isBelowRole(role, quota.role));
  const rescinded: OutstandingOffer[] = [];
  let offered = sumOf(own);
  for (const offer of own) {
    if (isWithin(consumed.plus(offered), quota.limitsMilli)) break;
    rescinded.push(offer);
    offered = offered.minus(offer.offered);
  }
  const guarantees = guaranteesOf(quota);
  let freed = Quantities.EMPTY;
  for (const ofAgent of Map.groupBy(others, ({ agentId }) => agentId).values()) {
    if (freed.plus(consumed).plus(offered).contains(guarantees)) break;
    rescinded.push(...ofAgent);
    freed = freed.plus(sumOf(ofAgent));
  }
  return rescinded;
}

const sumOf = (offers: readonly OutstandingOffer[]): Quantities =>
  offers.reduce((sum, { offered }) => sum.plus(offered), Quantities.EMPTY);

function divided<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  const { yes = [], no = [] } = Object.groupBy(items, (item) => (belongs(item) ? 'yes' : 'no'));
  return [yes, no];
}
