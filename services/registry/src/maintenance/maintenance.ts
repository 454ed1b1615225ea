import type { AgentRecord } from '@tranche/contracts';
import type { MachineID, MaintenanceSchedule, MaintenanceWindow, Unavailability } from '@tranche/mesos-api';

/**
 * What operators plan: when which machines are taken out of service, and which are out of it now.
 *
 * A machine's mode follows from it: in no window UP, in a window DRAINING, or DOWN when it was brought down.
 */
export interface Maintenance {
  readonly schedule: MaintenanceSchedule;
  readonly down: readonly MachineID[];
}

export type MachineMode = 'UP' | 'DRAINING' | 'DOWN';

export const NO_MAINTENANCE: Maintenance = { schedule: {}, down: [] };

/** Machines are the same when address and host name are, the latter whatever its case. An absent one is empty. */
export const machineKey = ({ hostname = '', ip = '' }: MachineID): string => `${hostname.toLowerCase()} ${ip}`;

export const machineOf = ({ hostname, ip }: Pick<AgentRecord, 'hostname' | 'ip'>): MachineID => ({ hostname, ip });

/** The window of a machine; undefined for one that is in none. */
export function windowOf({ schedule }: Maintenance, machine: MachineID): MaintenanceWindow | undefined {
  const key = machineKey(machine);
  return schedule.windows?.find(({ machine_ids = [] }) => machine_ids.some((id) => machineKey(id) === key));
}

export function modeOf(maintenance: Maintenance, machine: MachineID): MachineMode {
  const key = machineKey(machine);
  if (maintenance.down.some((id) => machineKey(id) === key)) return 'DOWN';
  return windowOf(maintenance, machine) === undefined ? 'UP' : 'DRAINING';
}

/** When the agent's machine is taken out of service; undefined for one that is in no window. */
export const unavailabilityOf = (
  maintenance: Maintenance,
  agent: Pick<AgentRecord, 'hostname' | 'ip'>,
): Unavailability | undefined => windowOf(maintenance, machineOf(agent))?.unavailability;

/** A new schedule replaces the whole old one; machines that are down stay so. */
export const rescheduled = ({ down }: Maintenance, schedule: MaintenanceSchedule): Maintenance => ({ schedule, down });

export const broughtDown = (before: Maintenance, machines: readonly MachineID[]): Maintenance => ({
  ...before,
  down: [...before.down, ...machines],
});

/** Machines that are up again leave the schedule; a window without machines goes. */
export function broughtUp({ schedule, down }: Maintenance, machines: readonly MachineID[]): Maintenance {
  const up = new Set(machines.map(machineKey));
  const stays = (id: MachineID): boolean => !up.has(machineKey(id));
  const windows = (schedule.windows ?? [])
    .map((window) => ({ ...window, machine_ids: (window.machine_ids ?? []).filter(stays) }))
    .filter(({ machine_ids }) => machine_ids.length > 0);
  return { schedule: { windows }, down: down.filter(stays) };
}
