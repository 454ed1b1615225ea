import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * A scheduler's MESSAGE to one of its executors, sent by `offers` to the agent's queue. Best effort: at most once, kept nowhere.
 *
 * Unknown framework or executor, or one that is not subscribed: dropped.
 */
export const DeliverMessageV1 = command({
  name: 'deliver-message',
  version: 1,
  owner: 'agent',
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    executorId: Type.String(),
    /** Bytes of the scheduler's, base64. */
    data: Type.String(),
  }),
});
export type DeliverMessage = ItemOf<typeof DeliverMessageV1>;
