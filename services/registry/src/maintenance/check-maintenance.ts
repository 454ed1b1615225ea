import { isIPv4 } from 'node:net';
import { encodeJson, int64ToBigInt, type MachineID, type MaintenanceSchedule, messageTypes } from '@tranche/mesos-api';
import { machineKey, type Maintenance, type MachineMode, modeOf } from './maintenance.js';

/*
 * Why a change of maintenance cannot be made, in Mesos' words; undefined when it can.
 */

/** @source operator API §2.4 */
export function scheduleError(before: Maintenance, schedule: MaintenanceSchedule): string | undefined {
  const seen = new Set<string>();
  for (const { machine_ids = [], unavailability } of schedule.windows ?? []) {
    if (machine_ids.length === 0) return 'List of machines in the maintenance window is empty';
    if (int64ToBigInt(unavailability.duration?.nanoseconds ?? 0) < 0n) return "Unavailability 'duration' is negative";
    for (const machine of machine_ids) {
      const error = machineError(machine) ?? repeatedError(seen, machine);
      if (error !== undefined) return error;
    }
  }
  const removed = before.down.find((machine) => !seen.has(machineKey(machine)));
  return removed && `Machine '${jsonOf(removed)}' is deactivated and cannot be removed from the schedule`;
}

export const bringDownError = (before: Maintenance, machines: readonly MachineID[]): string | undefined =>
  machinesError(before, machines, 'DRAINING', 'is not in DRAINING mode and cannot be brought down');

export const bringUpError = (before: Maintenance, machines: readonly MachineID[]): string | undefined =>
  machinesError(before, machines, 'DOWN', 'is not in DOWN mode and cannot be brought up');

function machinesError(
  before: Maintenance,
  machines: readonly MachineID[],
  wanted: MachineMode,
  otherwise: string,
): string | undefined {
  if (machines.length === 0) return 'List of machines is empty';
  const seen = new Set<string>();
  for (const machine of machines) {
    const error = machineError(machine) ?? repeatedError(seen, machine);
    if (error !== undefined) return error;
  }
  for (const machine of machines) {
    const mode = modeOf(before, machine);
    if (mode === 'UP') return `Machine '${jsonOf(machine)}' is not part of a maintenance schedule`;
    if (mode !== wanted) return `Machine '${jsonOf(machine)}' ${otherwise}`;
  }
  return undefined;
}

function machineError({ hostname = '', ip = '' }: MachineID): string | undefined {
  if (hostname === '' && ip === '') return "Both 'hostname' and 'ip' for a machine are empty";
  return ip === '' || isIPv4(ip) ? undefined : 'Failed to parse the IP';
}

function repeatedError(seen: Set<string>, machine: MachineID): string | undefined {
  const key = machineKey(machine);
  if (seen.has(key)) return `Machine '${jsonOf(machine)}' appears more than once in the schedule`;
  seen.add(key);
  return undefined;
}

const jsonOf = (machine: MachineID): string => encodeJson(messageTypes.MachineID, machine);
