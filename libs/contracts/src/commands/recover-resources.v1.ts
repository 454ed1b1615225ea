import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { HeldResources } from '../records/held-resources.js';

/**
 * Resources that a framework held are free again: an offer was declined, partly used, rescinded, or a task ended.
 *
 * Sent by `offers`. Unknown framework, role or agent: the resources are already free, ignored.
 */
export const RecoverResourcesV1 = command({
  name: 'recover-resources',
  version: 1,
  isTransient: true,
  owner: 'allocator',
  item: Type.Object({
    ...HeldResources.properties,
    /**
     * Present when the framework refused them: seconds for which it does not want them again, as it said, unclamped.
     * Absent: no filter (allocation rule A56).
     */
    refuseSeconds: Type.Optional(Type.Number()),
  }),
});
export type RecoverResources = ItemOf<typeof RecoverResourcesV1>;
