import type { ResourceAmounts } from './resource-amounts.js';

/** `GET /v1/frameworks/ID`, items of `GET /v1/frameworks`. Served by `offers`. Times ISO 8601 UTC. */
export interface FrameworkView {
  id: string;
  name: string;
  user: string;
  principal?: string;
  hostname?: string;
  state: 'connected' | 'disconnected' | 'recovered' | 'removed';
  active: boolean;
  roles: string[];
  suppressedRoles: string[];
  capabilities: string[];
  failoverTimeoutMs: number;
  failoverDeadline?: string;
  /** While disconnected: why its stream ended, `closed by the scheduler`, `reads too slowly: …`. */
  disconnectedReason?: string;
  tasks: { staging: number; running: number; ended: number };
  offers: number;
  used: ResourceAmounts;
  offered: ResourceAmounts;
  lastOfferAt?: string;
  registeredAt: string;
  reregisteredAt?: string;
  unregisteredAt?: string;
  removedReason?: string;
}
