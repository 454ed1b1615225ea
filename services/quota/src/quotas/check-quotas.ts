import { Quantities } from '@tranche/resources';
import { guaranteesOf, isWithin, limitsText, type Quota } from './quota.js';

/** What the roles have and the cluster holds, as far as quotas look at it. */
export interface ClusterUse {
  /** Allocated in the role and below it, and reserved for it besides. */
  consumedBy(role: string): Quantities;
  /** Scalars of all registered agents, without what is revocable. */
  capacity(): Quantities;
}

/** Why quotas cannot be set without force. */
export type QuotaObstacle =
  | { readonly kind: 'below-use'; readonly quota: Quota; readonly consumed: Quantities }
  | { readonly kind: 'overcommit'; readonly guaranteed: Quantities; readonly capacity: Quantities };

/**
 * Whether quotas fit to what roles use already, and all guarantees together to what the cluster has.
 *
 * @param changed the new quotas
 * @param others those of the other roles, which stay
 * @returns the first thing in the way
 * @source allocation rules A70, A72
 */
export function obstacleTo(
  changed: readonly Quota[],
  others: readonly Quota[],
  use: ClusterUse,
): QuotaObstacle | undefined {
  for (const quota of changed) {
    const consumed = use.consumedBy(quota.role);
    if (!isWithin(consumed, quota.limitsMilli)) return { kind: 'below-use', quota, consumed };
  }
  return overcommitOf(changed, others, use);
}

/** The part of it that SET_QUOTA looks at: its limits may be below what is used. */
export function overcommitOf(
  changed: readonly Quota[],
  others: readonly Quota[],
  use: Pick<ClusterUse, 'capacity'>,
): QuotaObstacle | undefined {
  const guaranteed = [...changed, ...others].reduce((sum, quota) => sum.plus(guaranteesOf(quota)), Quantities.EMPTY);
  const capacity = use.capacity();
  return capacity.contains(guaranteed) ? undefined : { kind: 'overcommit', guaranteed, capacity };
}

/** In the words of UPDATE_QUOTA. @source operator API §2.3 */
export function obstacleText(obstacle: QuotaObstacle): string {
  const force = "(use 'force' flag to bypass this check)";
  if (obstacle.kind === 'overcommit') {
    const { guaranteed, capacity } = obstacle;
    return `Invalid QuotaConfig: total quota guarantees '${guaranteed.toText()}' exceed cluster capacity '${capacity.toText()}' ${force}`;
  }
  const { quota, consumed } = obstacle;
  const limits = limitsText(quota.limitsMilli);
  return `Invalid QuotaConfig: Role '${quota.role}' is already consuming '${consumed.toText()}'; this is more than the requested limits '${limits}' ${force}`;
}
