import type { ResourceAmounts } from './resource-amounts.js';

/** `GET /v1/offers/ID`, items of `GET /v1/offers`. Served by `offers`. Times ISO 8601 UTC. */
export interface OfferView {
  id: string;
  frameworkId: string;
  frameworkName: string;
  agentId: string;
  agentHostname: string;
  role: string;
  resources: ResourceAmounts;
  madeAt: string;
  expiresAt?: string;
}
