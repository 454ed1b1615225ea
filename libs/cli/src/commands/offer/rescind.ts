import type { OfferView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { amountsText } from '../../output/cells.js';
import { changeTargets } from '../../targets/change-targets.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { chooseOffers } from './choose-offer.js';

/** `tranche offer rescind`: takes an offer back. */
export const registerOfferRescind: Register = (offer, cli) => {
  offer
    .command('rescind')
    .description('take an offer back, so that what it holds can be offered to others')
    .argument('<OFFER>', 'an id or a short id')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, async (context, [text = ''], flags) =>
        changeTargets<OfferView, OfferView>(
          context,
          await chooseOffers(context, text, flags),
          {
            kind: 'offer',
            nameOf: ({ agentHostname, frameworkName }) => `${agentHostname} to ${frameworkName}`,
            send: ({ id }, isTrial) => {
              const query = isTrial ? { dryRun: 'true' } : {};
              return context.api.change<OfferView>('POST', `/v1/offers/${encodeURIComponent(id)}:rescind`, query, {});
            },
            question: (what) => `take back ${what}?`,
            text: ({ resources, agentHostname, frameworkName }, _view, isTrial) =>
              `${isTrial ? 'would take back' : 'took back'} ${amountsText(resources)} on ${agentHostname} from ${frameworkName}`,
            idOf: ({ id }) => id,
          },
          flags.allMatching === true,
        ),
      ),
    );
};
