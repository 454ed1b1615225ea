import type { ServiceDatabase } from '@tranche/persistence';
import { CreateOffersTables1764000000001 } from './migrations/1764000000001-create-offers-tables.js';
import { CreateExecutors1764000000003 } from './migrations/1764000000003-create-executors.js';
import { AllocationSchema, ExecutorSchema, FrameworkSchema, TaskSchema } from './offers.schema.js';

/** Every table of the offers service, and how they came to be. */
export const offersDatabase: ServiceDatabase = {
  service: 'offers',
  entities: [FrameworkSchema, TaskSchema, ExecutorSchema, AllocationSchema],
  migrations: [CreateOffersTables1764000000001, CreateExecutors1764000000003],
};
