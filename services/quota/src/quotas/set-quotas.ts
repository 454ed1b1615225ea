import type { RoleConfig } from '@tranche/contracts';
import type { ChangeRoles } from '../roles/change-roles.js';
import type { RoleConfigs } from '../roles/role-configs.js';
import type { Marks } from '../usage/marks.port.js';
import type { OutstandingOffers } from '../usage/outstanding-offers.port.js';
import { type ClusterUse, obstacleTo, overcommitOf, type QuotaObstacle } from './check-quotas.js';
import { offersToRescind, type OutstandingOffer } from './offers-to-rescind.js';
import { hasQuota, type Quota, quotaOf, withQuota } from './quota.js';

export interface SetQuotaTerms {
  /** Set them although roles use more, or the cluster has less. */
  readonly force: boolean;
  /** Only say what would happen. */
  readonly dryRun?: boolean;
}

export type SetQuotaOutcome =
  | { readonly ok: true; readonly rescinds: number }
  | { readonly ok: false; readonly obstacle: QuotaObstacle }
  /** It was not what the caller had seen. */
  | { readonly ok: false; readonly obstacle: { readonly kind: 'changed-meanwhile'; readonly now: RoleConfig } };

/**
 * Sets the quotas of roles, all of them or none.
 *
 * When it is answered they are in force: nothing is launched any more with what was offered beyond them. What was launched while they were being
 * set stays, as what was there before does.
 */
export class SetQuotas {
  constructor(
    private readonly roles: ChangeRoles,
    private readonly use: ClusterUse,
    private readonly offers: OutstandingOffers,
    private readonly marks: Marks,
  ) {}

  /**
   * UPDATE_QUOTA.
   *
   * @param quotas of a role that is named twice the last holds
   * @param expected what the caller has seen of a role; undefined: whatever it is
   * @throws PersistenceError when nothing was stored, and nothing has changed
   * @source allocation rules A70 to A73
   */
  update(
    quotas: readonly Quota[],
    terms: SetQuotaTerms,
    expected?: (role: RoleConfig) => boolean,
  ): Promise<SetQuotaOutcome> {
    const changed = [...new Map(quotas.map((quota) => [quota.role, quota])).values()];
    return this.execute(changed, terms, (configs) => {
      const stale = changed.map(({ role }) => configs.get(role)).find((now) => expected?.(now) === false);
      if (stale !== undefined) return { kind: 'changed-meanwhile', now: stale };
      return terms.force ? undefined : obstacleTo(changed, othersThan(changed, configs), this.use);
    });
  }

  /** SET_QUOTA: only guarantees are checked. */
  set(quota: Quota, terms: SetQuotaTerms): Promise<SetQuotaOutcome> {
    return this.execute([quota], terms, (configs) =>
      terms.force ? undefined : overcommitOf([quota], othersThan([quota], configs), this.use),
    );
  }

  /** Back to the default: no guarantee, no limit. */
  remove(role: string): Promise<SetQuotaOutcome> {
    return this.update([{ role, guaranteesMilli: {}, limitsMilli: {} }], { force: true });
  }

  private async execute(
    changed: readonly Quota[],
    { dryRun = false }: SetQuotaTerms,
    check: (configs: RoleConfigs) => Extract<SetQuotaOutcome, { ok: false }>['obstacle'] | undefined,
  ): Promise<SetQuotaOutcome> {
    let obstacle: ReturnType<typeof check>;
    // What tasks use is known here a moment after they were launched: a limit below it would be let in.
    await this.marks.throughOffers();
    await this.roles.execute((configs) => {
      obstacle = check(configs);
      return obstacle !== undefined || dryRun ? [] : changed.map((quota) => withQuota(configs.get(quota.role), quota));
    });
    if (obstacle !== undefined) return { ok: false, obstacle } as SetQuotaOutcome;
    if (dryRun) return { ok: true, rescinds: this.inTheWay(changed).length };
    // What the allocator decided by the former quotas may be on its way to become offers.
    await this.marks.throughAllocator();
    const gone = this.inTheWay(changed);
    if (gone.length > 0) {
      await this.offers.rescind(gone);
      await this.marks.throughOffers();
    }
    return { ok: true, rescinds: gone.length };
  }

  private inTheWay(changed: readonly Quota[]): OutstandingOffer[] {
    const all = this.offers.all();
    return [...new Set(changed.flatMap((quota) => offersToRescind(quota, this.use.consumedBy(quota.role), all)))];
  }
}

const othersThan = (changed: readonly Quota[], configs: RoleConfigs): Quota[] => {
  const roles = new Set(changed.map(({ role }) => role));
  return configs
    .all()
    .filter((role) => hasQuota(role) && !roles.has(role.name))
    .map(quotaOf);
};
