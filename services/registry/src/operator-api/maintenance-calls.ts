import type { MasterCall, MasterCallType } from '@tranche/mesos-api';
import type { ChangeMaintenance } from '../maintenance/change-maintenance.js';
import type { ReadMaintenance } from '../maintenance/read-maintenance.js';
import { type CallAnswer, DONE, refuse, respond } from './call-answer.js';

export interface MaintenanceScene {
  readonly maintenance: ReadMaintenance;
  readonly changeMaintenance: ChangeMaintenance;
}

type Answer = (call: MasterCall, scene: MaintenanceScene) => Promise<CallAnswer> | CallAnswer;

/** Calls about maintenance. @source operator API §2.4 */
export const MAINTENANCE_CALLS: Readonly<Partial<Record<MasterCallType, Answer>>> = {
  GET_MAINTENANCE_SCHEDULE: (_call, { maintenance }) =>
    respond({ type: 'GET_MAINTENANCE_SCHEDULE', get_maintenance_schedule: { schedule: maintenance.schedule } }),
  GET_MAINTENANCE_STATUS: (_call, { maintenance }) =>
    respond({ type: 'GET_MAINTENANCE_STATUS', get_maintenance_status: { status: maintenance.status() } }),
  UPDATE_MAINTENANCE_SCHEDULE: async ({ update_maintenance_schedule: update }, { changeMaintenance }) =>
    outcome(await changeMaintenance.reschedule(update?.schedule ?? {})),
  START_MAINTENANCE: async ({ start_maintenance: start }, { changeMaintenance }) =>
    outcome(await changeMaintenance.bringDown(start?.machines ?? [])),
  STOP_MAINTENANCE: async ({ stop_maintenance: stop }, { changeMaintenance }) =>
    outcome(await changeMaintenance.bringUp(stop?.machines ?? [])),
};

const outcome = (message: string | undefined): CallAnswer =>
  message === undefined ? DONE : refuse({ kind: 'bad-request', message });
