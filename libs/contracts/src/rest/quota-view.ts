import type { RoleAmounts } from './role-view.js';

/** Items of `GET /v1/quotas`. Served by `quota`. */
export interface QuotaView {
  role: string;
  guarantee: RoleAmounts;
  /** A resource without an entry is unlimited. */
  limit: RoleAmounts;
  /** What counts against both, with the roles below. */
  consumed: RoleAmounts;
}

/** The answer to a change of a quota: what it is now, and what came of it. */
export interface QuotaChangeView extends QuotaView {
  effects: {
    /** Offers that are taken back so that the quota can be kept. */
    rescindedOffers: number;
  };
}

/** Items of `GET /v1/weights`. Served by `quota`. */
export interface WeightView {
  role: string;
  weight: number;
}
