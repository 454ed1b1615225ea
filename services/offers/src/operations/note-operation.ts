import type { OperationRecord } from '@tranche/contracts';
import type { OfferOperation } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import type { Operation } from './operation.js';

/** Whose operation it is; an operator's is of no framework. */
export type OperationOf = Pick<OperationRecord, 'agentId' | 'frameworkId' | 'role' | 'traceId'>;

/** Puts an operation that has been done in the books among those that its agent has still to do. */
export function noteOperation(
  { state, changes, ids, clock }: Pick<OffersContext, 'state' | 'changes' | 'ids' | 'clock'>,
  info: OfferOperation,
  of: OperationOf,
): Operation {
  const { id } = info;
  const operation: Operation = {
    record: {
      operationUuid: ids.newOperationUuid(),
      ...(id === undefined ? {} : { operationId: id.value }),
      ...of,
      info,
      latestStatus: { ...(id === undefined ? {} : { operation_id: id }), state: 'OPERATION_PENDING' },
      statuses: [],
      acceptedAtMs: clock.nowMs(),
    },
  };
  state.operations.add(operation);
  changes.operationUpdated(operation, operation.record.latestStatus);
  return operation;
}
