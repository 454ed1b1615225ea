import type { QuotaChangeView } from '@tranche/contracts';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { parseRoleAmounts } from '../../values/role-amounts.js';
import { quotaPath, quotaText } from './show.js';

interface QuotaFlags {
  guarantee?: string;
  limit?: string;
  force?: boolean;
}

/** `tranche quota set`: what a role is guaranteed and may not exceed. */
export const registerQuotaSet: Register = (quota, cli) => {
  quota
    .command('set')
    .description('set what a role, with the roles below it, is guaranteed and may not exceed')
    .argument('<ROLE>', 'a role of the first level')
    .option('--guarantee <AMOUNTS>', 'kept free for it: cpus=8,mem=16g')
    .option('--limit <AMOUNTS>', 'the most it gets: cpus=16; a resource that is not named is unlimited')
    .option('--force', 'although the role uses more, or the cluster has less')
    .action(
      action<QuotaFlags>(cli, async (context, [role = ''], { guarantee, limit, force }) => {
        if (guarantee === undefined && limit === undefined)
          throw new UsageError('quota set: neither --guarantee nor --limit is given', [
            `to take the quota away: tranche quota rm ${role}`,
          ]);
        const query = { ...(force && { force: 'true' }), ...(context.flags.dryRun && { dryRun: 'true' }) };
        // What is not named here stays as it is; what is named is set whole.
        const patch = {
          ...(guarantee === undefined ? {} : { guarantee: whole(parseRoleAmounts(guarantee, '--guarantee')) }),
          ...(limit === undefined ? {} : { limit: whole(parseRoleAmounts(limit, '--limit')) }),
        };
        const failure = context.flags.dryRun ? 'quota would not be set' : 'quota not set';
        const view = await context.api.change<QuotaChangeView>('PATCH', quotaPath(role), query, patch, failure);
        const isDry = context.flags.dryRun === true;
        const text = (): string => `${isDry ? 'would be\n' : ''}${quotaText(view)}${rescindedText(view, isDry)}`;
        showOne(context, view, role, text);
        return EXIT_CODES.done;
      }),
    );
};

/** A merge patch that leaves nothing of what was there before. */
const whole = (amounts: object): object => ({ cpus: null, gpus: null, memBytes: null, diskBytes: null, ...amounts });

/** Says what became of offers, when something did. */
export function rescindedText({ effects: { rescindedOffers: count } }: QuotaChangeView, isDry: boolean): string {
  if (count === 0) return '';
  return `${count} ${count === 1 ? 'offer' : 'offers'} ${isDry ? 'would be' : 'were'} taken back\n`;
}
