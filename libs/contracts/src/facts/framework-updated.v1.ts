import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { FrameworkRecord } from '../records/framework-record.js';

/**
 * A framework subscribed, failed over, disconnected, changed its roles, suppression or constraints, or was removed.
 *
 * Published by `offers` with the whole record: a receiver replaces what it knows, and forgets a framework whose state is `removed`
 * (the read model moves it to the completed ones).
 */
export const FrameworkUpdatedV1 = fact({
  name: 'framework.updated',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Object({ framework: FrameworkRecord }),
});
export type FrameworkUpdated = ItemOf<typeof FrameworkUpdatedV1>;
