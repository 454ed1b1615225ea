import type { OfferOperation, OperationState, OperationStatus } from '@tranche/mesos-api';
import { type Framework, sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { Operation } from './operation.js';

/** Passes a status on to a framework. */
export function tellOperationStatus(framework: Framework, status: OperationStatus): void {
  sendEvent(framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
}

/** An operation that is not done: its framework hears why if it gave the operation an id, and nothing otherwise (scheduler API §5.3). */
export function refuseOperation(
  framework: Framework,
  { id }: OfferOperation,
  message: string,
  state: Extract<OperationState, 'OPERATION_ERROR' | 'OPERATION_DROPPED'> = 'OPERATION_ERROR',
): void {
  if (id !== undefined) tellOperationStatus(framework, { operation_id: id, state, message });
}

/** A status of a kept operation that this service makes: without uuid, so it needs no acknowledgement. */
export function masterOperationStatus(operation: Operation, state: OperationState, message?: string): OperationStatus {
  const { operationId, agentId } = operation.record;
  return {
    ...(operationId === undefined ? {} : { operation_id: { value: operationId } }),
    state,
    ...(message === undefined ? {} : { message }),
    agent_id: { value: agentId },
  };
}

/** Tells the framework of an operation with an id. */
export function tellOwner(state: OffersContext['state'], { record }: Operation, status: OperationStatus): void {
  const framework = record.frameworkId === undefined ? undefined : state.frameworks.get(record.frameworkId);
  if (framework !== undefined && record.operationId !== undefined) tellOperationStatus(framework, status);
}
