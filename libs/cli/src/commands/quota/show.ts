import type { QuotaView } from '@tranche/contracts';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { factsText, showOne } from '../../output/show-one.js';
import { roleAmountsText } from '../../values/role-amounts.js';

export const quotaPath = (role: string): string => `/v1/quotas/${encodeURIComponent(role)}`;

export const quotaText = ({ role, guarantee, limit, consumed }: QuotaView): string =>
  factsText([
    ['role', role],
    ['guarantee', roleAmountsText(guarantee)],
    ['limit', roleAmountsText(limit)],
    ['used', roleAmountsText(consumed)],
  ]);

/** `tranche quota show`: the quota of one role. */
export const registerQuotaShow: Register = (quota, cli) => {
  quota
    .command('show')
    .description('show the quota of a role, and what counts against it')
    .argument('<ROLE>')
    .action(
      showing(cli, async (context, [role = '']) => {
        const view = await context.api.get<QuotaView>(quotaPath(role));
        showOne(context, view, role, () => quotaText(view));
        return EXIT_CODES.done;
      }),
    );
};
