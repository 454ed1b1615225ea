import { runService } from '@tranche/messaging';
import { readOffersConfig } from './offers.config.js';
import { startOffers } from './start-offers.js';

await runService('offers', readOffersConfig(), startOffers);
