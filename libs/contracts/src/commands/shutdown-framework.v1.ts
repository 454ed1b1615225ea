import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/** A framework was removed: the agent ends its tasks and forgets it, its updates included. Unknown framework: ignored. */
export const ShutdownFrameworkV1 = command({
  name: 'shutdown-framework',
  version: 1,
  owner: 'agent',
  item: Type.Object({ frameworkId: Type.String() }),
});
export type ShutdownFramework = ItemOf<typeof ShutdownFrameworkV1>;
