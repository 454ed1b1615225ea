import type { RoleView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { NO_ROLES, ROLE_COLUMNS } from './columns.js';

const VIEW: ListView<RoleView> = {
  name: ({ name }) => name,
  whenEmpty: NO_ROLES,
  columns: [{ title: 'ROLE', cell: ({ name }) => name }, ...ROLE_COLUMNS],
};

/** `tranche role ls`: who the cluster is divided among. */
export const registerRoleLs: Register = (role, cli) => {
  role
    .command('ls')
    .description('list the roles that somebody is in, or for which something was set')
    .action(
      action(cli, (context) =>
        showList(
          context,
          () => VIEW,
          () => context.api.list<RoleView>('/v1/roles'),
        ),
      ),
    );
};
