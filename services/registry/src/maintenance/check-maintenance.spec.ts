import type { MachineID, MaintenanceSchedule } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { bringDownError, bringUpError, scheduleError } from './check-maintenance.js';
import { broughtDown, broughtUp, type Maintenance, modeOf, NO_MAINTENANCE, rescheduled } from './maintenance.js';

const start = { nanoseconds: '1760000000000000000' };
const windowOf = (...machine_ids: MachineID[]): MaintenanceSchedule => ({
  windows: [{ machine_ids, unavailability: { start } }],
});
const M1 = { hostname: 'm1', ip: '10.9.9.9' };
const M2 = { hostname: 'm2' };
const draining: Maintenance = rescheduled(NO_MAINTENANCE, windowOf(M1, M2));

describe('scheduleError', () => {
  it.each([
    ['a window without machines', windowOf(), 'List of machines in the maintenance window is empty'],
    [
      'a negative duration',
      { windows: [{ machine_ids: [M1], unavailability: { start, duration: { nanoseconds: -1 } } }] },
      "Unavailability 'duration' is negative",
    ],
    ['a machine without a name', windowOf({}), "Both 'hostname' and 'ip' for a machine are empty"],
    ['an address that is none', windowOf({ ip: '::1' }), 'Failed to parse the IP'],
    [
      'a machine twice, whatever the case of its name',
      { windows: [windowOf(M1).windows![0]!, windowOf({ hostname: 'M1', ip: '10.9.9.9' }).windows![0]!] },
      `Machine '{"hostname":"M1","ip":"10.9.9.9"}' appears more than once in the schedule`,
    ],
  ])('refuses %s', (_case, schedule, message) => {
    expect(scheduleError(NO_MAINTENANCE, schedule)).toBe(message);
  });

  it('keeps machines that are down in the schedule', () => {
    const down = broughtDown(draining, [M1]);
    expect(scheduleError(down, windowOf(M2))).toBe(
      `Machine '{"hostname":"m1","ip":"10.9.9.9"}' is deactivated and cannot be removed from the schedule`,
    );
    expect(scheduleError(down, windowOf(M1))).toBeUndefined();
    expect(scheduleError(draining, {})).toBeUndefined();
  });
});

describe('bringDownError and bringUpError', () => {
  it.each([
    ['no machine', [], 'List of machines is empty', 'List of machines is empty'],
    [
      'one that is in no window',
      [{ hostname: 'zz' }],
      `Machine '{"hostname":"zz"}' is not part of a maintenance schedule`,
      `Machine '{"hostname":"zz"}' is not part of a maintenance schedule`,
    ],
    ['one that drains', [M2], undefined, `Machine '{"hostname":"m2"}' is not in DOWN mode and cannot be brought up`],
    [
      'one that is down',
      [M1],
      `Machine '{"hostname":"m1","ip":"10.9.9.9"}' is not in DRAINING mode and cannot be brought down`,
      undefined,
    ],
  ])('judge %s', (_case, machines, down, up) => {
    const maintenance = broughtDown(draining, [M1]);
    expect(bringDownError(maintenance, machines)).toBe(down);
    expect(bringUpError(maintenance, machines)).toBe(up);
  });
});

describe('the mode of a machine', () => {
  it('goes from UP to DRAINING to DOWN and back, and windows go with their machines', () => {
    const down = broughtDown(draining, [M1]);
    const up = broughtUp(down, [M1]);
    expect([NO_MAINTENANCE, draining, down, up].map((each) => modeOf(each, M1))).toEqual([
      'UP',
      'DRAINING',
      'DOWN',
      'UP',
    ]);
    expect(up.schedule).toEqual(windowOf(M2));
    expect(broughtUp(broughtDown(up, [M2]), [M2]).schedule).toEqual({ windows: [] });
  });

  it('needs both address and name of the agent', () => {
    expect(modeOf(draining, { hostname: 'm2', ip: '10.0.0.1' })).toBe('UP');
    expect(modeOf(draining, { hostname: 'M1', ip: '10.9.9.9' })).toBe('DRAINING');
  });
});
