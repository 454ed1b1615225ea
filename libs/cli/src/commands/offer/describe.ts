import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { amountsText, since } from '../../output/cells.js';
import { factsText, showOne } from '../../output/show-one.js';
import { formatSpan } from '../../values/duration.js';
import { chooseOffer } from './choose-offer.js';

/** `tranche offer describe`: one outstanding offer. */
export const registerOfferDescribe: Register = (offer, cli) => {
  offer
    .command('describe')
    .description('show one outstanding offer')
    .argument('<OFFER>', 'an id or a short id')
    .action(
      showing(cli, async (context, [text = '']) => {
        const view = await chooseOffer(context, text);
        const nowMs = context.io.clock.nowMs();
        const { expiresAt } = view;
        showOne(context, view, view.id, () =>
          factsText([
            ['offer', view.id],
            ['framework', `${view.frameworkName}  ${view.frameworkId}`],
            ['role', view.role],
            ['agent', `${view.agentHostname}  ${view.agentId}`],
            ['resources', amountsText(view.resources)],
            ['made', `${since(view.madeAt, nowMs, false)} ago`],
            ['expires', expiresAt === undefined ? 'never' : `in ${formatSpan(Date.parse(expiresAt) - nowMs)}`],
            ['take back', `tranche offer rescind ${view.id}`],
          ]),
        );
        return EXIT_CODES.done;
      }),
    );
};
