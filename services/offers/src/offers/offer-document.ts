import type { AgentRecord } from '@tranche/contracts';
import {
  type FrameworkInfoCapabilityType,
  type Offer as OfferDocument,
  offerForFramework,
  type URL as AgentUrl,
} from '@tranche/mesos-api';
import type { Offer } from './offer.js';

/** Where clients find the agent itself. */
export const agentUrl = ({ hostname, ip, port }: AgentRecord): AgentUrl => ({
  scheme: 'http',
  address: { hostname, ip, port },
  path: '/slave(1)',
});

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
  const { hostname, domain, attributes, unavailability } = agent;
  const offer: OfferDocument = {
    id: { value: record.offerId },
    framework_id: { value: record.frameworkId },
    agent_id: { value: record.agentId },
    hostname,
    url: agentUrl(agent),
    ...(domain === undefined ? {} : { domain }),
    resources: record.resources,
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(executorIds.length === 0 ? {} : { executor_ids: executorIds.map((value) => ({ value })) }),
    ...(unavailability === undefined ? {} : { unavailability }),
    allocation_info: { role: record.role },
  };
  return offerForFramework(offer, capabilities);
}
