import type { QuotaChangeView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { quotaPath } from './show.js';

/** `tranche quota rm`: no guarantee and no limit any more. */
export const registerQuotaRm: Register = (quota, cli) => {
  quota
    .command('rm')
    .description('take the quota of a role away: nothing is guaranteed, nothing limited')
    .argument('<ROLE>')
    .action(
      action(cli, async (context, [role = '']) => {
        const isDry = context.flags.dryRun === true;
        const view = await context.api.change<QuotaChangeView>(
          'DELETE',
          quotaPath(role),
          isDry ? { dryRun: 'true' } : {},
        );
        showOne(context, view, role, () => `quota of ${role} ${isDry ? 'would be' : 'is'} removed\n`);
        return EXIT_CODES.done;
      }),
    );
};
