import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * An executor's MESSAGE to its scheduler, sent by the agent. Best effort: at most once, kept nowhere.
 *
 * Unknown framework, or one that is not connected: dropped.
 */
export const ForwardMessageV1 = command({
  name: 'forward-message',
  version: 1,
  owner: 'offers',
  key: ({ frameworkId }) => frameworkId,
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    executorId: Type.String(),
    /** Bytes of the executor's, base64. */
    data: Type.String(),
  }),
});
export type ForwardMessage = ItemOf<typeof ForwardMessageV1>;
