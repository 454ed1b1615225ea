import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { amountsText } from '../../output/cells.js';
import { showOne } from '../../output/show-one.js';
import { chooseOffer } from './choose-offer.js';

/** `tranche offer rescind`: takes an offer back. */
export const registerOfferRescind: Register = (offer, cli) => {
  offer
    .command('rescind')
    .description('take an offer back, so that what it holds can be offered to others')
    .argument('<OFFER>', 'an id or a short id')
    .action(
      action(cli, async (context, [text = '']) => {
        const view = await chooseOffer(context, text);
        const what = `${amountsText(view.resources)} on ${view.agentHostname} from ${view.frameworkName}`;
        if (context.flags.dryRun) {
          context.io.stdout.write(`would take back ${what}\n`);
          return EXIT_CODES.done;
        }
        await context.api.post(`/v1/offers/${encodeURIComponent(view.id)}:rescind`, {}, {});
        showOne(context, view, view.id, () => `took back ${what}\n`);
        return EXIT_CODES.done;
      }),
    );
};
