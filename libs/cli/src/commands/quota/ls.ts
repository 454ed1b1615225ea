import type { QuotaView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { roleAmountsText } from '../../values/role-amounts.js';

const VIEW: ListView<QuotaView> = {
  name: ({ role }) => role,
  whenEmpty: 'no role has a quota; tranche quota set ROLE --limit cpus=8 sets one',
  columns: [
    { title: 'ROLE', cell: ({ role }) => role },
    { title: 'GUARANTEE', cell: ({ guarantee }) => roleAmountsText(guarantee) },
    { title: 'LIMIT', cell: ({ limit }) => roleAmountsText(limit) },
    { title: 'USED', cell: ({ consumed }) => roleAmountsText(consumed) },
  ],
};

/** `tranche quota ls`: what roles are guaranteed and may not exceed. */
export const registerQuotaLs: Register = (quota, cli) => {
  quota
    .command('ls')
    .description('list the roles that have a quota, with what they use')
    .action(
      action(cli, (context) =>
        showList(
          context,
          () => VIEW,
          () => context.api.list<QuotaView>('/v1/quotas'),
        ),
      ),
    );
};
