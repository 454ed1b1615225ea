import type { OfferRecord, OfferView } from '@tranche/contracts';
import type { ClusterState } from '../cluster-state.js';
import { amountsOf } from './resource-amounts.js';
import { isoTime, nameOfFramework } from './view-parts.js';

/** An offer as `/v1/offers` shows it. */
export function offerView(state: ClusterState, record: OfferRecord): OfferView {
  const { offerId, frameworkId, agentId, role, resources, madeAtMs, expiresAtMs } = record;
  return {
    id: offerId,
    frameworkId,
    frameworkName: nameOfFramework(state, frameworkId),
    agentId,
    agentHostname: state.agents.get(agentId)?.record.hostname ?? '',
    role,
    resources: amountsOf(resources),
    madeAt: isoTime(madeAtMs),
    ...(expiresAtMs === undefined ? {} : { expiresAt: isoTime(expiresAtMs) }),
  };
}
