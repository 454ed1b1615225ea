import { action, type Register } from '../../command-action.js';
import { NOTHING } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { formatSpan } from '../../values/duration.js';
import { isSame, machineText } from './machines.js';
import {
  type Machine,
  type MaintenanceStatus,
  type MaintenanceWindow,
  millisecondsOf,
  readSchedule,
  readStatus,
  windowId,
} from './maintenance-api.js';

/** A machine in a window. */
interface Planned {
  readonly id: string;
  readonly machine: string;
  readonly state: 'draining' | 'down';
  readonly start: string;
  readonly durationMs?: number;
  readonly accepted: number;
  readonly declined: number;
}

/** `tranche maintenance ls`: which machines go down when, and what frameworks say to that. */
export const registerMaintenanceLs: Register = (maintenance, cli) => {
  maintenance
    .command('ls')
    .description('list the machines in the maintenance schedule')
    .action(
      action(cli, (context) =>
        showList(
          context,
          () => viewOf(context.io.clock.nowMs()),
          async () => {
            const [windows, status] = await Promise.all([readSchedule(context), readStatus(context)]);
            return { items: windows.flatMap((window) => planned(window, status)), asOf: 0 };
          },
        ),
      ),
    );
};

function planned(window: MaintenanceWindow, status: MaintenanceStatus): Planned[] {
  const { start, duration } = window.unavailability;
  return window.machine_ids.map((machine) => ({
    id: windowId(window),
    machine: machineText(machine),
    state: status.down_machines?.some((one) => isSame(one, machine)) === true ? 'down' : 'draining',
    start: new Date(millisecondsOf(start)).toISOString(),
    ...(duration === undefined ? {} : { durationMs: millisecondsOf(duration) }),
    accepted: answers(status, machine, 'ACCEPT'),
    declined: answers(status, machine, 'DECLINE'),
  }));
}

function answers({ draining_machines = [] }: MaintenanceStatus, machine: Machine, answer: string): number {
  const { statuses = [] } = draining_machines.find(({ id }) => isSame(id, machine)) ?? {};
  return statuses.filter(({ status }) => status === answer).length;
}

const viewOf = (nowMs: number): ListView<Planned> => ({
  name: ({ machine }) => machine,
  whenEmpty: 'no maintenance is planned; tranche maintenance schedule AGENT in 2h for 1h plans some',
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'MACHINE', cell: ({ machine }) => machine },
    { title: 'STATE', cell: ({ state }) => state },
    { title: 'START', cell: ({ start }) => startText(start, nowMs), order: ({ start }) => Date.parse(start) },
    { title: 'FOR', cell: ({ durationMs }) => (durationMs === undefined ? NOTHING : formatSpan(durationMs)) },
    { title: 'ACCEPTED', cell: ({ accepted }) => String(accepted), order: ({ accepted }) => accepted, align: 'right' },
    { title: 'DECLINED', cell: ({ declined }) => String(declined), order: ({ declined }) => declined, align: 'right' },
    { title: 'START TIME', cell: ({ start }) => start, isWide: true },
  ],
});

function startText(start: string, nowMs: number): string {
  const inMs = Date.parse(start) - nowMs;
  return inMs >= 0 ? `in ${formatSpan(inMs)}` : `${formatSpan(-inMs)} ago`;
}
