import { entitiesOf, requestTables, type ServiceDatabase } from '@tranche/persistence';
import { PastFrameworkSchema, PastOperationSchema, PastTaskSchema } from '../history/history.schema.js';
import { CreateOffersTables1764000000001 } from './migrations/1764000000001-create-offers-tables.js';
import { CreateOperationTables1764000000002 } from './migrations/1764000000002-create-operation-tables.js';
import { CreateExecutors1764000000003 } from './migrations/1764000000003-create-executors.js';
import { CreateHistory1764000000004 } from './migrations/1764000000004-create-history.js';
import { SortHistoryByEnd1764000000005 } from './migrations/1764000000005-sort-history-by-end.js';
import { CreateRequests1764000000006 } from './migrations/1764000000006-create-requests.js';
import { ExecutorSchema, FrameworkSchema, OperationSchema, TaskSchema, TotalSchema } from './offers.schema.js';

/** What the service remembers of requests. */
export const offersRequests = requestTables('offers');

/** Every table of the offers service, and how they came to be. `offers_allocations` is what an older version writes to. */
export const offersDatabase: ServiceDatabase = {
  service: 'offers',
  entities: [
    ...[FrameworkSchema, TaskSchema, OperationSchema, TotalSchema, ExecutorSchema],
    ...[PastFrameworkSchema, PastTaskSchema, PastOperationSchema],
    ...entitiesOf(offersRequests),
  ],
  migrations: [
    CreateOffersTables1764000000001,
    CreateOperationTables1764000000002,
    CreateExecutors1764000000003,
    CreateHistory1764000000004,
    SortHistoryByEnd1764000000005,
    CreateRequests1764000000006,
  ],
};
