export { type OffersConfig, offersOptions } from './offers.config.js';
export { startOffers } from './start-offers.js';
