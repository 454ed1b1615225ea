import type { MaintenanceView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { NOTHING } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { formatLongSpan, formatSpan } from '../../values/duration.js';
import { machineText } from './machines.js';

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
          () => context.api.list<MaintenanceView>('/v1/maintenance'),
        ),
      ),
    );
};

const viewOf = (nowMs: number): ListView<MaintenanceView> => ({
  name: ({ machine }) => machineText(machine),
  whenEmpty: 'no maintenance is planned; tranche maintenance schedule AGENT in 2h for 1h plans some',
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'MACHINE', cell: ({ machine }) => machineText(machine) },
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
  // Two hours that have just been typed are not one.
  return inMs >= 0 ? `in ${formatLongSpan(Math.ceil(inMs / 60_000) * 60_000)}` : `${formatSpan(-inMs)} ago`;
}
