export { type OffersConfig, offersOptions } from './offers.config.js';
export { type RunningService, startOffers } from './start-offers.js';
