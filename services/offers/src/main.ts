import { checkNode } from '@tranche/config';

checkNode(process.versions.node);
// Everything else is loaded after the check: the embedded database would crash an older Node without a word.
const { runService } = await import('@tranche/messaging');
const { readOffersConfig } = await import('./offers.config.js');
const { startOffers } = await import('./start-offers.js');

const { offersRouter } = await import('./routing/offers.router.js');

await runService('offers', readOffersConfig(), startOffers, ({ brokerOffersPartitions: count }) => ({
  count,
  router: offersRouter,
}));
