import type { OfferView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { matchIds } from '../../names/match-things.js';
import { shortIds } from '../../names/short-ids.js';
import { amountsText, NOTHING, since } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { formatSpan, parseDurationMs } from '../../values/duration.js';

interface OfferFlags {
  framework?: string;
  older?: string;
}

/** `tranche offer ls`: what frameworks have been offered and have not answered. */
export const registerOfferLs: Register = (offer, cli) => {
  offer
    .command('ls')
    .description('list outstanding offers')
    .option('-f, --framework <F>', 'only to this framework')
    .option('--older <DURATION>', 'only offers held longer than this')
    .action(
      action<OfferFlags>(cli, async (context, _names, flags) => {
        const minAgeMs = flags.older === undefined ? 0 : parseDurationMs(flags.older, '--older');
        await showList(
          context,
          (offers) => offerListView(context, shortIds(offers.map(({ id }) => id))),
          async () => {
            const { items, asOf } = await context.api.list<OfferView>('/v1/offers');
            const nowMs = context.io.clock.nowMs();
            const old = items.filter(({ madeAt }) => nowMs - Date.parse(madeAt) >= minAgeMs);
            return { items: ofFramework(old, flags.framework), asOf };
          },
        );
      }),
    );
};

function ofFramework(offers: readonly OfferView[], text: string | undefined): OfferView[] {
  if (text === undefined || offers.length === 0) return [...offers];
  const things = offers.map(({ frameworkId, frameworkName }) => ({ id: frameworkId, otherName: frameworkName }));
  const ids = matchIds(things, text, 'framework with offers', 'tranche framework ls');
  return offers.filter(({ frameworkId }) => ids.has(frameworkId));
}

function offerListView({ io, settings }: CliContext, ids: Map<string, string>): ListView<OfferView> {
  const isWide = settings.output === 'wide';
  return {
    name: ({ id }) => id,
    whenEmpty: 'no outstanding offers: every framework has answered, or none wants any',
    columns: [
      { title: 'ID', cell: ({ id }) => (isWide ? id : (ids.get(id) ?? id)) },
      { title: 'FRAMEWORK', cell: ({ frameworkName }) => frameworkName },
      { title: 'ROLE', cell: ({ role }) => role },
      { title: 'AGENT', cell: ({ agentHostname }) => agentHostname },
      { title: 'RESOURCES', cell: ({ resources }) => amountsText(resources) },
      {
        title: 'AGE',
        cell: ({ madeAt }) => since(madeAt, io.clock.nowMs(), isWide),
        order: ({ madeAt }) => -Date.parse(madeAt),
        align: 'right',
      },
      { title: 'EXPIRES', cell: ({ expiresAt }) => expiryText(expiresAt, io.clock.nowMs(), isWide), align: 'right' },
    ],
  };
}

function expiryText(expiresAt: string | undefined, nowMs: number, isWide: boolean): string {
  if (expiresAt === undefined) return NOTHING;
  return isWide ? expiresAt : `in ${formatSpan(Date.parse(expiresAt) - nowMs)}`;
}
