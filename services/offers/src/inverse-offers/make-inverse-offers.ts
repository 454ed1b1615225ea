import type { InverseOfferRecord, MakeInverseOffers } from '@tranche/contracts';
import type { InverseOffer as InverseOfferDocument } from '@tranche/mesos-api';
import { type Agent, isActive } from '../agents/agent.js';
import { type Framework, isConnected, sendEvent } from '../frameworks/framework.js';
import type { OfferExpiry } from '../offers/offer-expiry.js';
import { agentUrl } from '../offers/offer-document.js';
import type { OffersContext } from '../offers-context.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'clock' | 'ids' | 'settings'>;

/**
 * Asks frameworks to leave agents that will be taken out of service, one event for each framework.
 *
 * What cannot be asked (framework or agent away, nothing scheduled any more) is told to the allocator, which asks again in a later cycle.
 *
 * @source scheduler API §7, allocation rule A76
 */
export function makeInverseOffers(context: Context, expiry: OfferExpiry, items: readonly MakeInverseOffers[]): void {
  const byFramework = new Map<Framework, InverseOfferDocument[]>();
  for (const { frameworkId, agentId } of items) {
    // A repetition: it has been asked and is yet to answer.
    if (context.state.inverseOffers.has(frameworkId, agentId)) continue;
    const framework = context.state.frameworks.get(frameworkId);
    const agent = context.state.agents.get(agentId);
    const record = mint(context, framework, agent);
    if (framework === undefined || agent === undefined || record === undefined) {
      context.allocator.answerInverseOffer({ frameworkId, agentId });
      continue;
    }
    const documents = byFramework.get(framework) ?? [];
    documents.push(inverseOfferDocument(record, agent));
    byFramework.set(framework, documents);
  }
  for (const [framework, documents] of byFramework) {
    sendEvent(framework, { type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers: documents } });
  }
  expiry.watch();
}

function mint(
  context: Context,
  framework: Framework | undefined,
  agent: Agent | undefined,
): InverseOfferRecord | undefined {
  const unavailability = agent?.record.unavailability;
  if (framework === undefined || !isConnected(framework)) return undefined;
  if (agent === undefined || !isActive(agent) || unavailability === undefined) return undefined;
  const madeAtMs = context.clock.nowMs();
  const { offerTimeoutMs } = context.settings;
  const record: InverseOfferRecord = {
    // Offers and inverse offers are counted together.
    inverseOfferId: context.ids.nextOfferId(),
    frameworkId: framework.frameworkId,
    agentId: agent.agentId,
    unavailability,
    madeAtMs,
    ...(offerTimeoutMs === 0 ? {} : { expiresAtMs: madeAtMs + offerTimeoutMs }),
  };
  context.state.inverseOffers.add(record);
  context.changes.inverseOfferMade(record);
  return record;
}

/** Without resources: the whole agent is meant. */
const inverseOfferDocument = (record: InverseOfferRecord, agent: Agent): InverseOfferDocument => ({
  id: { value: record.inverseOfferId },
  url: agentUrl(agent.record),
  framework_id: { value: record.frameworkId },
  agent_id: { value: record.agentId },
  unavailability: record.unavailability,
});
