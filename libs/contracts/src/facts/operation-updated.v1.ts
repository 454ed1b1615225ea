import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { OperationRecord } from '../records/operation-record.js';

/**
 * An operation was accepted, got a status, or is no longer kept.
 *
 * Published by `offers`, for the read model. A receiver replaces what it knows of the operation, and drops it when `removed`: terminal and
 * acknowledged, or terminal and nobody will acknowledge it.
 */
export const OperationUpdatedV1 = fact({
  name: 'operation.updated',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Object({
    operation: OperationRecord,
    removed: Type.Boolean(),
  }),
  subjects: ({ operation }) => [operation.operationUuid],
});
export type OperationUpdated = ItemOf<typeof OperationUpdatedV1>;
