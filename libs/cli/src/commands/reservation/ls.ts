import type { ReservationView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { amountsText, NOTHING } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';

/** `tranche reservation ls`: what of agents is reserved, and for whom. */
export const registerReservationLs: Register = (reservation, cli) => {
  reservation
    .command('ls')
    .description('list what is reserved on agents')
    .option('--role <R>', 'only to this role')
    .action(
      action<{ role?: string }>(cli, (context, _names, { role }) =>
        showList(
          context,
          () => VIEW,
          () => context.api.list<ReservationView>('/v1/reservations', { role }),
        ),
      ),
    );
};

const VIEW: ListView<ReservationView> = {
  name: ({ id }) => id,
  whenEmpty: 'nothing is reserved; tranche reservation add AGENT ROLE cpus=2 reserves something',
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'AGENT', cell: ({ agentHostname }) => agentHostname },
    { title: 'ROLE', cell: ({ role }) => role },
    { title: 'RESOURCES', cell: ({ resources }) => amountsText(resources) },
    { title: 'OWNER', cell: ownerText },
    { title: 'KIND', cell: ({ kind }) => kind },
    {
      title: 'VOLUMES',
      cell: ({ volumes }) => String(volumes.length),
      order: ({ volumes }) => volumes.length,
      align: 'right',
    },
    { title: 'AGENT ID', cell: ({ agentId }) => agentId, isWide: true },
    { title: 'TEXT', cell: ({ text }) => text, isWide: true },
  ],
};

/** Labels and principal. */
function ownerText({ labels, principal }: ReservationView): string {
  const pairs = Object.entries(labels).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  const parts = [...(pairs.length === 0 ? [] : [pairs.join(',')]), ...(principal === undefined ? [] : [principal])];
  return parts.length === 0 ? NOTHING : parts.join(' · ');
}
