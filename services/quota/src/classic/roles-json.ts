import type { RoleConfig } from '@tranche/contracts';
import {
  arrayOf,
  encodeJson,
  jsonDouble,
  jsonString,
  type Member,
  messageTypes,
  objectOf,
  stringArray,
} from '@tranche/mesos-api';
import { compareBytes, fromMilli } from '@tranche/resources';
import { quotaStatus } from '../quotas/quota-status.js';
import type { RoleSummary } from '../roles/role-summary.js';

type Amounts = Iterable<readonly [name: string, milli: number]>;

/** Body of `/roles`. @source classic endpoints §3.7 */
export const rolesJson = (roles: readonly RoleSummary[]): string => `{"roles":${arrayOf(roles.map(roleJson))}}`;

function roleJson(role: RoleSummary): string {
  return objectOf([
    ['name', jsonString(role.name)],
    ['weight', jsonDouble(role.weight)],
    [
      'quota',
      objectOf([
        ['role', jsonString(role.name)],
        ['guarantee', amountsJson(role.guarantees)],
        ['limit', amountsJson(Object.entries(role.limitsMilli))],
        ['consumed', amountsJson(role.consumed)],
      ]),
    ],
    ['resources', amountsJson(role.allocated.plus(role.offered))],
    ['allocated', amountsJson(role.allocated)],
    ['offered', amountsJson(role.offered)],
    ['reserved', amountsJson(role.reserved)],
    ['frameworks', stringArray(role.frameworkIds)],
  ]);
}

/** By name, in byte order, as Mesos keeps quantities. */
function amountsJson(amounts: Amounts): string {
  const sorted = [...amounts].toSorted(([a], [b]) => compareBytes(a, b));
  return objectOf(sorted.map(([name, milli]): Member => [name, jsonDouble(fromMilli(milli))]));
}

/** Body of `/weights`: those that were set. */
export const weightsJson = (roles: readonly RoleConfig[]): string =>
  arrayOf(
    roles.flatMap(({ name, weight }) =>
      weight === undefined
        ? []
        : [
            objectOf([
              ['role', jsonString(name)],
              ['weight', jsonDouble(weight)],
            ]),
          ],
    ),
  );

/** Body of `/quota`: roles with a guarantee or a limit; `{}` when there is none. */
export const quotaJson = (roles: readonly RoleConfig[]): string =>
  encodeJson(messageTypes.QuotaStatus, quotaStatus(roles));
