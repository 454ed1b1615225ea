import { offersDatabase } from '@tranche/offers';
import type { ServiceDatabase } from '@tranche/persistence';
import { quotaDatabase } from '@tranche/quota';
import { registryDatabase } from '@tranche/registry';

/** The databases of all services that store something. The suite of the schemas walks this list. */
export const serviceDatabases: readonly ServiceDatabase[] = [registryDatabase, offersDatabase, quotaDatabase];
