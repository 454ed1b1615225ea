import type { HeldResources, MakeOffers } from '@tranche/contracts';
import type { Offer as OfferDocument, Resource } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import { type Agent, isActive } from '../agents/agent.js';
import { type Framework, isConnected, sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { Offer } from './offer.js';
import { offerDocument } from './offer-document.js';
import type { OfferExpiry } from './offer-expiry.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'clock' | 'ids' | 'settings'>;

/**
 * Makes an offer of each of the allocator's decisions and writes them to the frameworks' streams, one event per framework.
 *
 * What cannot be offered any more (framework or agent gone, role given up) goes back at once without a filter: every item is
 * either held or returned.
 */
export function makeOffers(context: Context, expiry: OfferExpiry, items: readonly MakeOffers[]): void {
  const byFramework = new Map<Framework, OfferDocument[]>();
  for (const item of items) {
    context.state.seenAllocation = { epoch: item.epoch, run: item.run };
    const to = recipients(context.state, item);
    if (to === undefined || !isThere(context.state, item.agentId, item.resources)) {
      context.allocator.recover(heldOf(item));
      continue;
    }
    const offer = mint(context, item);
    const documents = byFramework.get(to.framework) ?? [];
    const executorIds = context.state.tasks.executors.idsOn(item.frameworkId, item.agentId);
    documents.push(offerDocument(offer, to.framework.capabilities, to.agent.record, executorIds));
    byFramework.set(to.framework, documents);
  }
  const nowMs = context.clock.nowMs();
  for (const [framework, offers] of byFramework) {
    framework.lastOfferAtMs = nowMs;
    sendEvent(framework, { type: 'OFFERS', offers: { offers } });
  }
  expiry.watch();
}

/** A volume may have gone, or a reservation, while the allocator offered it. */
export function isThere(
  { totals }: Pick<OffersContext['state'], 'totals'>,
  agentId: string,
  resources: readonly Resource[],
): boolean {
  const special = resources.filter(({ reservations, disk }) => reservations !== undefined || disk !== undefined);
  return special.length === 0 || totals.of(agentId).contains(Resources.fromJson(special).withoutAllocationRole());
}

function recipients(
  state: OffersContext['state'],
  item: MakeOffers,
): { framework: Framework; agent: Agent } | undefined {
  const framework = state.frameworks.get(item.frameworkId);
  const agent = state.agents.get(item.agentId);
  if (framework === undefined || !isConnected(framework) || !framework.record.roles.includes(item.role)) {
    return undefined;
  }
  return agent !== undefined && isActive(agent) ? { framework, agent } : undefined;
}

function mint(context: Context, item: MakeOffers): Offer {
  const { frameworkId, agentId, role } = item;
  const madeAtMs = context.clock.nowMs();
  const { offerTimeoutMs } = context.settings;
  const offer: Offer = {
    record: {
      offerId: context.ids.nextOfferId(),
      frameworkId,
      agentId,
      role,
      resources: item.resources.map((resource) => ({ ...resource, allocation_info: { role } })),
      madeAtMs,
      ...(offerTimeoutMs === 0 ? {} : { expiresAtMs: madeAtMs + offerTimeoutMs }),
    },
    held: item.resources,
  };
  context.state.offers.add(offer);
  context.changes.offerMade(offer.record);
  return offer;
}

const heldOf = ({ frameworkId, role, agentId, resources }: MakeOffers): HeldResources => ({
  frameworkId,
  role,
  agentId,
  resources,
});
