import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/** The framework has this update: the agent may send the task's next one. A stale or unknown uuid is ignored. */
export const AcknowledgeStatusV1 = command({
  name: 'acknowledge-status',
  version: 1,
  isTransient: true,
  owner: 'agent',
  item: Type.Object({
    frameworkId: Type.String(),
    taskId: Type.String(),
    /** Base64 of the update's 16 bytes, as in `status.uuid`. */
    uuid: Type.String(),
  }),
});
export type AcknowledgeStatus = ItemOf<typeof AcknowledgeStatusV1>;
