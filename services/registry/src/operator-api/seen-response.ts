import type { AclActionName } from '@tranche/config';
import type { Permits } from '@tranche/http';
import type { MasterResponse } from '@tranche/mesos-api';

/** What of an answer about roles, quotas or maintenance a caller may see. @source operator API §2: "filter" */
export function seenResponse(response: MasterResponse, permits: Permits): MasterResponse {
  if (permits.isOpen) return response;
  const ofRoles = <T extends { readonly role?: string }>(action: AclActionName, items: readonly T[] = []): T[] =>
    items.filter(({ role }) => permits.may(action, role));
  const { get_roles, get_weights, get_quota, get_maintenance_schedule, get_maintenance_status } = response;
  const roles = (get_roles?.roles ?? []).filter(({ name }) => permits.may('view_roles', name));
  const { infos, configs } = get_quota?.status ?? {};
  return {
    ...response,
    ...(get_roles && { get_roles: { roles } }),
    ...(get_weights && { get_weights: { weight_infos: ofRoles('view_roles', get_weights.weight_infos) } }),
    ...(get_quota && {
      get_quota: { status: { infos: ofRoles('get_quotas', infos), configs: ofRoles('get_quotas', configs) } },
    }),
    ...(get_maintenance_schedule && !permits.may('get_maintenance_schedules')
      ? { get_maintenance_schedule: { schedule: {} } }
      : {}),
    ...(get_maintenance_status && !permits.may('get_maintenance_statuses')
      ? { get_maintenance_status: { status: {} } }
      : {}),
  };
}
