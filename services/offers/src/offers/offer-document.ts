import type { AgentRecord } from '@tranche/contracts';
import { type FrameworkInfoCapabilityType, type Offer as OfferDocument, offerForFramework } from '@tranche/mesos-api';
import type { Offer } from './offer.js';

/**
 * An offer as its framework shall see it, by its capabilities.
 *
 * @param executorIds the framework's executors on the agent
 */
export function offerDocument(
  { record }: Offer,
  capabilities: ReadonlySet<FrameworkInfoCapabilityType>,
  agent: AgentRecord,
  executorIds: readonly string[],
): OfferDocument {
  const { hostname, ip, port, domain, attributes } = agent;
  const offer: OfferDocument = {
    id: { value: record.offerId },
    framework_id: { value: record.frameworkId },
    agent_id: { value: record.agentId },
    hostname,
    url: { scheme: 'http', address: { hostname, ip, port }, path: '/slave(1)' },
    ...(domain === undefined ? {} : { domain }),
    resources: record.resources,
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(executorIds.length === 0 ? {} : { executor_ids: executorIds.map((value) => ({ value })) }),
    allocation_info: { role: record.role },
  };
  return offerForFramework(offer, capabilities);
}
