import { createHash } from 'node:crypto';
import type { MaintenanceView, MaintenanceWindowView } from '@tranche/contracts';
import {
  int64ToBigInt,
  type MachineID,
  type MaintenanceClusterStatus,
  type MaintenanceWindow,
} from '@tranche/mesos-api';
import { machineKey, type Maintenance } from './maintenance.js';

const NS_PER_MS = 1_000_000n;

/** Names a window as long as it stays the same. */
export const windowId = ({ machine_ids = [], unavailability }: MaintenanceWindow): string =>
  hashOf([machine_ids.map(machineKey), ...nanosecondsOf(unavailability)]).slice(0, 8);

/** Changes when anything of maintenance does. */
export const maintenanceTag = ({ schedule, down }: Maintenance): string =>
  `"${hashOf([(schedule.windows ?? []).map(windowId), down.map(machineKey)]).slice(0, 16)}"`;

/** Each machine of the schedule with what frameworks say to its maintenance. */
export function maintenanceViews({ schedule, down }: Maintenance, status: MaintenanceClusterStatus): MaintenanceView[] {
  const downKeys = new Set(down.map(machineKey));
  const answersOn = new Map(
    (status.draining_machines ?? []).map(({ id, statuses = [] }) => [machineKey(id), statuses] as const),
  );
  return (schedule.windows ?? []).flatMap((window) =>
    (window.machine_ids ?? []).map((machine): MaintenanceView => {
      const answers = answersOn.get(machineKey(machine)) ?? [];
      return {
        id: windowId(window),
        machine: { ...machine },
        state: downKeys.has(machineKey(machine)) ? 'down' : 'draining',
        ...timesOf(window),
        accepted: answers.filter(({ status: answer }) => answer === 'ACCEPT').length,
        declined: answers.filter(({ status: answer }) => answer === 'DECLINE').length,
      };
    }),
  );
}

export const windowView = (window: MaintenanceWindow, tasks: number): MaintenanceWindowView => ({
  id: windowId(window),
  machines: (window.machine_ids ?? []).map((machine) => ({ ...machine })),
  ...timesOf(window),
  effects: { tasks },
});

/** A window of `/v1` as Mesos has it. */
export const windowOfRest = (
  machines: readonly MachineID[],
  startMs: number,
  durationMs?: number,
): MaintenanceWindow => ({
  machine_ids: [...machines],
  unavailability: {
    start: { nanoseconds: String(BigInt(startMs) * NS_PER_MS) },
    ...(durationMs === undefined ? {} : { duration: { nanoseconds: String(BigInt(durationMs) * NS_PER_MS) } }),
  },
});

function timesOf({ unavailability: { start, duration } }: MaintenanceWindow): { start: string; durationMs?: number } {
  const msOf = (nanoseconds: Parameters<typeof int64ToBigInt>[0]): number =>
    Number(int64ToBigInt(nanoseconds) / NS_PER_MS);
  return {
    start: new Date(msOf(start.nanoseconds)).toISOString(),
    ...(duration === undefined ? {} : { durationMs: msOf(duration.nanoseconds) }),
  };
}

const nanosecondsOf = ({ start, duration }: MaintenanceWindow['unavailability']): string[] =>
  [start, duration].flatMap((time) => (time === undefined ? [] : [String(int64ToBigInt(time.nanoseconds))]));

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
