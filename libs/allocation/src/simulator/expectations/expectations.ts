import { allocatedExpectation } from './allocated.expectation.js';
import { availableExpectation } from './available.expectation.js';
import type { Expectation } from './expectation.js';
import { inverseOffersExpectation } from './inverse-offers.expectation.js';
import { metricsExpectation } from './metrics.expectation.js';
import { offerCountsExpectation } from './offer-counts.expectation.js';
import { offersExpectation, rescindsExpectation } from './offers.expectation.js';
import { orderExpectation } from './order.expectation.js';
import { refusedExpectation } from './refused.expectation.js';
import { sharesExpectation } from './shares.expectation.js';

/** Everything that can be expected. A new field is its file and a line here. */
export const EXPECTATIONS: readonly Expectation[] = [
  offersExpectation,
  rescindsExpectation,
  inverseOffersExpectation,
  refusedExpectation,
  allocatedExpectation,
  availableExpectation,
  sharesExpectation,
  orderExpectation,
  offerCountsExpectation,
  metricsExpectation,
];
