import type { OfferID } from '@tranche/mesos-api';
import type { Offer } from './offer.js';
import type { OfferTable } from './offer-table.js';

/** The offers of an ACCEPT, all of one framework, agent and role; or why the call is void, in Mesos' words. */
export type AcceptedOffers =
  | { readonly ok: true; readonly offers: readonly [Offer, ...Offer[]] }
  | { readonly ok: false; readonly reason: string };

/**
 * Checks that hold for the offers of an ACCEPT as a whole. The first fault voids the call.
 *
 * @source scheduler API §5.1; order and texts of Mesos 1.11
 */
export function checkAcceptedOffers(
  table: OfferTable,
  frameworkId: string,
  offerIds: readonly OfferID[],
): AcceptedOffers {
  const ids = offerIds.map(({ value }) => value);
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined) return no(`Duplicate offer ${twice} in offer list`);

  const offers: Offer[] = [];
  for (const id of ids) {
    const offer = table.get(id);
    if (offer === undefined) return no(`Offer ${id} is no longer valid`);
    offers.push(offer);
  }
  const [first, ...rest] = offers;
  if (first === undefined) return no('No offers specified');

  const foreign = offers.find(({ record }) => record.frameworkId !== frameworkId);
  if (foreign !== undefined) {
    const { offerId, frameworkId: owner } = foreign.record;
    return no(`Offer ${offerId} has invalid framework ${owner} while framework ${frameworkId} is expected`);
  }
  const { role, agentId } = first.record;
  const otherRole = rest.find(({ record }) => record.role !== role)?.record;
  if (otherRole !== undefined) {
    return no(
      `Aggregated offers must be allocated to the same role. Offer ${otherRole.offerId} uses role ` +
        `'${otherRole.role} but another is using role '${role}`,
    );
  }
  const otherAgent = rest.find(({ record }) => record.agentId !== agentId)?.record;
  if (otherAgent !== undefined) {
    return no(
      `Aggregated offers must belong to one single agent. Offer ${otherAgent.offerId} uses agent ` +
        `${otherAgent.agentId} and agent ${agentId}`,
    );
  }
  return { ok: true, offers: [first, ...rest] };
}

const no = (reason: string): AcceptedOffers => ({ ok: false, reason });
