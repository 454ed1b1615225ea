import type { OfferView } from '@tranche/contracts';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { amountsText, since } from '../../output/cells.js';
import { factsText, showAll } from '../../output/show-one.js';
import { matchesOfAll } from '../../targets/choose-targets.js';
import { formatSpan } from '../../values/duration.js';
import { matchingOffers } from './choose-offer.js';

/** `tranche offer describe`: outstanding offers. */
export const registerOfferDescribe: Register = (offer, cli) => {
  offer
    .command('describe')
    .description('show outstanding offers')
    .argument('<OFFER...>', 'ids or short ids')
    .action(
      showing(cli, async (context, names) => {
        const offers = await matchesOfAll(names, (name) => matchingOffers(context, name));
        const nowMs = context.io.clock.nowMs();
        showAll(
          context,
          offers.map((view) => ({ item: view, name: view.id, text: () => offerText(view, nowMs) })),
        );
        return EXIT_CODES.done;
      }),
    );
};

function offerText(view: OfferView, nowMs: number): string {
  const { expiresAt } = view;
  return factsText([
    ['offer', view.id],
    ['framework', `${view.frameworkName}  ${view.frameworkId}`],
    ['role', view.role],
    ['agent', `${view.agentHostname}  ${view.agentId}`],
    ['resources', amountsText(view.resources)],
    ['made', `${since(view.madeAt, nowMs, false)} ago`],
    ['expires', expiresAt === undefined ? 'never' : `in ${formatSpan(Date.parse(expiresAt) - nowMs)}`],
    ['take back', `tranche offer rescind ${view.id}`],
  ]);
}
