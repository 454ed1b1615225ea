import type { OperationState, SchedulerCallReconcileOperationsOperation } from '@tranche/mesos-api';
import { type Framework, sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';

/**
 * RECONCILE_OPERATIONS: one UPDATE_OPERATION_STATUS per operation asked for, without uuid.
 *
 * Operations other than launches are refused by ACCEPT, so none is known: what is asked for is answered by the standing of its agent, and
 * the implicit form has nothing to tell (scheduler API §10).
 */
export function reconcileOperations(
  context: Pick<OffersContext, 'state'>,
  framework: Framework,
  asked: readonly SchedulerCallReconcileOperationsOperation[],
): void {
  for (const { operation_id, agent_id, resource_provider_id } of asked) {
    const status = {
      operation_id,
      state: stateOf(context.state, agent_id?.value),
      ...(agent_id === undefined ? {} : { agent_id }),
      ...(resource_provider_id === undefined ? {} : { resource_provider_id }),
    };
    sendEvent(framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
  }
}

function stateOf(state: OffersContext['state'], agentId: string | undefined): OperationState {
  const agent = agentId === undefined ? undefined : state.agents.get(agentId);
  if (agent?.isRecovered === true) return 'OPERATION_RECOVERING';
  switch (agent?.record.state) {
    case 'unreachable':
      return 'OPERATION_UNREACHABLE';
    case 'gone':
      return 'OPERATION_GONE_BY_OPERATOR';
    default:
      return 'OPERATION_UNKNOWN';
  }
}
