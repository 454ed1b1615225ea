import type { MasterCall, MasterResponse } from '@tranche/mesos-api';
import type { ChangeMaintenance } from '../maintenance/change-maintenance.js';
import type { ReadMaintenance } from '../maintenance/read-maintenance.js';

export type CallAnswer =
  | { readonly kind: 'response'; readonly response: MasterResponse }
  /** 200 without a body. */
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly message: string };

/** @returns undefined for a call that is not about maintenance. Its members were checked to be there */
export async function answerMaintenanceCall(
  call: MasterCall,
  read: ReadMaintenance,
  change: ChangeMaintenance,
): Promise<CallAnswer | undefined> {
  const { type } = call;
  switch (type) {
    case 'GET_MAINTENANCE_SCHEDULE':
      return { kind: 'response', response: { type, get_maintenance_schedule: { schedule: read.schedule } } };
    case 'GET_MAINTENANCE_STATUS':
      return { kind: 'response', response: { type, get_maintenance_status: { status: read.status() } } };
    case 'UPDATE_MAINTENANCE_SCHEDULE':
      return outcome(await change.reschedule(call.update_maintenance_schedule?.schedule ?? {}));
    case 'START_MAINTENANCE':
      return outcome(await change.bringDown(call.start_maintenance?.machines ?? []));
    case 'STOP_MAINTENANCE':
      return outcome(await change.bringUp(call.stop_maintenance?.machines ?? []));
    default:
      return undefined;
  }
}

const outcome = (message: string | undefined): CallAnswer =>
  message === undefined ? { kind: 'done' } : { kind: 'refused', message };
