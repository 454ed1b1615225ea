import type { VolumeView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { NOTHING } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { formatBytes } from '../../values/size.js';

/** `tranche volume ls`: persistent volumes. */
export const registerVolumeLs: Register = (volume, cli) => {
  volume
    .command('ls')
    .description('list persistent volumes')
    .option('--role <R>', 'only of this role')
    .action(
      action<{ role?: string }>(cli, (context, _names, { role }) =>
        showList(
          context,
          () => VIEW,
          () => context.api.list<VolumeView>('/v1/volumes', { role }),
        ),
      ),
    );
};

const VIEW: ListView<VolumeView> = {
  name: ({ id }) => id,
  whenEmpty: 'there are no volumes; tranche volume create AGENT ROLE 1g --path data makes one',
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'NAME', cell: ({ persistenceId }) => persistenceId },
    { title: 'AGENT', cell: ({ agentHostname }) => agentHostname },
    { title: 'ROLE', cell: ({ role }) => role },
    {
      title: 'SIZE',
      cell: ({ diskBytes }) => formatBytes(diskBytes),
      order: ({ diskBytes }) => diskBytes,
      align: 'right',
    },
    { title: 'PATH', cell: ({ containerPath }) => containerPath },
    { title: 'SHARED', cell: ({ isShared }) => (isShared ? 'yes' : NOTHING) },
    { title: 'OWNER', cell: ({ principal }) => principal ?? NOTHING },
    { title: 'AGENT ID', cell: ({ agentId }) => agentId, isWide: true },
    { title: 'RESERVATION', cell: ({ reservationId }) => reservationId, isWide: true },
  ],
};
