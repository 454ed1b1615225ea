import type { AgentState } from '@tranche/contracts';
import type { OperationState } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import { forgetOperation } from './end-operation.js';
import { hasEnded, type Operation, setOperationStatus } from './operation.js';
import { masterOperationStatus, tellOwner } from './operation-status.js';

export type LostState = Exclude<AgentState, 'active' | 'deactivated' | 'disconnected'>;

const TOLD: Readonly<Record<LostState, { readonly state: OperationState; readonly message: string }>> = {
  unreachable: { state: 'OPERATION_UNREACHABLE', message: 'Agent was marked unreachable' },
  removed: { state: 'OPERATION_UNKNOWN', message: 'Agent was removed' },
  gone: { state: 'OPERATION_GONE_BY_OPERATOR', message: 'Agent was marked gone' },
};

/**
 * Answers for the operations of an agent that was lost. One that may come back says itself what became of them; of the others nothing more
 * will be heard, and they are forgotten.
 */
export function loseOperations(
  context: Pick<OffersContext, 'state' | 'changes' | 'clock'>,
  agentId: string,
  lost: LostState,
): void {
  for (const operation of context.state.operations.ofAgent(agentId)) {
    if (!hasEnded(operation)) lose(context, operation, TOLD[lost]);
    if (lost !== 'unreachable') forgetOperation(context, operation);
  }
}

function lose(
  context: Pick<OffersContext, 'state' | 'changes' | 'clock'>,
  operation: Operation,
  { state, message }: { readonly state: OperationState; readonly message: string },
): void {
  if (operation.record.latestStatus.state === state) return;
  const status = masterOperationStatus(operation, state, message);
  setOperationStatus(operation, status, context.clock.nowMs());
  context.changes.operationUpdated(operation, status);
  tellOwner(context.state, operation, status);
}
