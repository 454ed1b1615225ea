import { type AskedAction, askedByOperation } from '@tranche/http';
import type { MasterCall, MasterCallType } from '@tranche/mesos-api';
import { operationOf } from './agent-operations.js';

const each = (action: AskedAction[0], items: readonly { readonly role?: string | undefined }[] = []): AskedAction[] =>
  items.map(({ role }) => [action, role]);

/** What whoever sends a call must be permitted, or all of the call is refused. Lists are filtered instead. @source operator API §2 */
const ASKED: Readonly<Partial<Record<MasterCallType, (call: MasterCall) => readonly AskedAction[]>>> = {
  GET_FLAGS: () => [['view_flags']],
  SET_LOGGING_LEVEL: () => [['set_log_level']],
  LIST_FILES: () => [['access_mesos_logs']],
  READ_FILE: () => [['access_mesos_logs']],
  UPDATE_WEIGHTS: ({ update_weights }) => each('update_weights', update_weights?.weight_infos),
  UPDATE_QUOTA: ({ update_quota }) => each('update_quotas', update_quota?.quota_configs),
  SET_QUOTA: ({ set_quota }) => [['update_quotas', set_quota?.quota_request.role]],
  REMOVE_QUOTA: ({ remove_quota }) => [['update_quotas', remove_quota?.role]],
  UPDATE_MAINTENANCE_SCHEDULE: () => [['update_maintenance_schedules']],
  START_MAINTENANCE: () => [['start_maintenances']],
  STOP_MAINTENANCE: () => [['stop_maintenances']],
  DRAIN_AGENT: ({ drain_agent }) => [['drain_agents'], ...(drain_agent?.mark_gone === true ? [GONE] : [])],
  DEACTIVATE_AGENT: () => [['deactivate_agents']],
  REACTIVATE_AGENT: () => [['reactivate_agents']],
  MARK_AGENT_GONE: () => [GONE],
};

const GONE: AskedAction = ['mark_agents_gone'];

/** @returns empty for a call that everybody may send */
export function askedByCall(call: MasterCall & { readonly type: MasterCallType }): readonly AskedAction[] {
  const operation = operationOf(call);
  return operation === undefined ? (ASKED[call.type]?.(call) ?? []) : askedByOperation(operation.info);
}
