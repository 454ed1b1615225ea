import type { RoleConfig } from '@tranche/contracts';
import type { QuotaConfig, QuotaInfo, QuotaStatus, ValueScalar } from '@tranche/mesos-api';
import { fromMilli } from '@tranche/resources';
import { hasQuota } from './quota.js';

/** Roles with a guarantee or a limit, as GET_QUOTA and `/quota` tell of them; empty when there is none. */
export function quotaStatus(roles: readonly RoleConfig[]): QuotaStatus {
  const limited = roles.filter(hasQuota);
  return limited.length === 0 ? {} : { infos: limited.map(quotaInfo), configs: limited.map(quotaConfig) };
}

const quotaInfo = ({ name, guaranteesMilli = {} }: RoleConfig): QuotaInfo => ({
  role: name,
  guarantee: Object.entries(guaranteesMilli).map(([resource, milli]) => ({
    name: resource,
    type: 'SCALAR',
    scalar: { value: fromMilli(milli) },
  })),
});

const quotaConfig = ({ name, guaranteesMilli = {}, limitsMilli = {} }: RoleConfig): QuotaConfig => ({
  role: name,
  guarantees: scalars(guaranteesMilli),
  limits: scalars(limitsMilli),
});

const scalars = (milliByName: Readonly<Record<string, number>>): Record<string, ValueScalar> =>
  Object.fromEntries(Object.entries(milliByName).map(([name, milli]) => [name, { value: fromMilli(milli) }]));
