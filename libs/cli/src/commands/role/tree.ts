import type { RoleView, ShareView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { NOTHING } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { NO_ROLES, ROLE_COLUMNS } from './columns.js';

/** `tranche role tree`: roles below those that they belong to, with their shares. */
export const registerRoleTree: Register = (role, cli) => {
  role
    .command('tree')
    .description('show the roles as a tree, with what each has and may have')
    .action(
      action(cli, async (context) => {
        const { items } = await context.api.list<ShareView>('/v1/shares');
        const roles = items.filter(({ frameworkId }) => frameworkId === undefined);
        // The order compares shares by weight; people compare them by size.
        const shares = new Map(roles.map(({ role: name, share = 0, weight }) => [name, share * weight]));
        await showList(
          context,
          () => treeView(shares),
          () => context.api.list<RoleView>('/v1/roles'),
        );
      }),
    );
};

/** They come by name: what is below a role follows it. */
const treeView = (shares: ReadonlyMap<string, number>): ListView<RoleView> => ({
  name: ({ name }) => name,
  whenEmpty: NO_ROLES,
  columns: [
    { title: 'ROLE', cell: ({ name }) => `${'  '.repeat(name.split('/').length - 1)}${name.split('/').at(-1)}` },
    ...ROLE_COLUMNS.filter(({ title }) => title === 'WEIGHT'),
    {
      title: 'SHARE',
      cell: ({ name }) => percentText(shares.get(name)),
      order: ({ name }) => shares.get(name) ?? 0,
      align: 'right',
    },
    ...ROLE_COLUMNS.filter(({ title }) => title !== 'WEIGHT'),
  ],
});

const percentText = (share: number | undefined): string =>
  share === undefined ? NOTHING : `${Math.round(share * 100)} %`;
