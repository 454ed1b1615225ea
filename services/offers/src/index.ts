export { type OffersConfig, offersOptions } from './offers.config.js';
export { offersDatabase } from './storage/offers.database.js';
export { startOffers } from './start-offers.js';
