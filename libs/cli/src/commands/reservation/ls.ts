import type { ReservationView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { amountsText, NOTHING, since } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { checkedSelector } from '../../output/selected.js';
import { showList } from '../../output/show-list.js';
import { owned, type OwnedReservation } from './owned.js';

/** `tranche reservation ls`: what of agents is reserved, and for whom. */
export const registerReservationLs: Register = (reservation, cli) => {
  reservation
    .command('ls')
    .description('list what is reserved on agents')
    .option('--role <R>', 'only to this role')
    .action(
      action<{ role?: string }>(cli, (context, _names, { role, selector }) =>
        showList(
          context,
          () => viewOf(context),
          () => owned(context, { role, label: checkedSelector(selector) }),
        ),
      ),
    );
};

const viewOf = ({ io, settings }: CliContext): ListView<OwnedReservation> => ({
  name: ({ id }) => id,
  whenEmpty: 'nothing is reserved; tranche reservation add AGENT ROLE cpus=2 reserves something',
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'AGENT', cell: ({ agentHostname }) => agentHostname },
    { title: 'ROLE', cell: ({ role }) => role },
    { title: 'RESOURCES', cell: ({ resources }) => amountsText(resources) },
    { title: 'OWNER', cell: ownerText },
    { title: 'OWNER STATE', cell: ({ ownerState = NOTHING }) => ownerState },
    {
      title: 'AGE',
      cell: ({ reservedAt }) => since(reservedAt, io.clock.nowMs(), settings.output === 'wide'),
      order: ({ reservedAt }) => (reservedAt === undefined ? 0 : -Date.parse(reservedAt)),
      align: 'right',
    },
    { title: 'KIND', cell: ({ kind }) => kind, isWide: true },
    {
      title: 'VOLUMES',
      cell: ({ volumes }) => String(volumes.length),
      order: ({ volumes }) => volumes.length,
      align: 'right',
      isWide: true,
    },
    { title: 'AGENT ID', cell: ({ agentId }) => agentId, isWide: true },
    { title: 'TEXT', cell: ({ text }) => text, isWide: true },
  ],
});

/** Labels and principal. */
function ownerText({ labels, principal }: ReservationView): string {
  const pairs = Object.entries(labels).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  const parts = [...(pairs.length === 0 ? [] : [pairs.join(',')]), ...(principal === undefined ? [] : [principal])];
  return parts.length === 0 ? NOTHING : parts.join(' · ');
}
