import type { FrameworkInfo } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { document } from '../document.js';

/** A framework subscribed again: the agent takes its new info and resends the framework's unacknowledged updates at once. */
export const UpdateFrameworkV1 = command({
  name: 'update-framework',
  version: 1,
  owner: 'agent',
  item: Type.Object({ frameworkId: Type.String(), framework: document<FrameworkInfo>() }),
});
export type UpdateFramework = ItemOf<typeof UpdateFrameworkV1>;
