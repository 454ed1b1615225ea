import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/** The framework has this status of its operation: the agent forgets a terminal one. A stale or unknown uuid is ignored. */
export const AcknowledgeOperationStatusV1 = command({
  name: 'acknowledge-operation-status',
  version: 1,
  owner: 'agent',
  item: Type.Object({
    agentId: Type.String(),
    /** Base64 of the operation's 16 bytes. */
    operationUuid: Type.String(),
    /** Base64 of the status's 16 bytes, as in `status.uuid`. */
    statusUuid: Type.String(),
  }),
});
export type AcknowledgeOperationStatus = ItemOf<typeof AcknowledgeOperationStatusV1>;
