import type {
  OperationState,
  OperationStatus,
  SchedulerCallReconcileOperationsOperation as Asked,
} from '@tranche/mesos-api';
import type { Framework } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { Operation } from './operation.js';
import { tellOperationStatus } from './operation-status.js';

/**
 * RECONCILE_OPERATIONS: one UPDATE_OPERATION_STATUS, without uuid, per operation asked for; without any, one per operation of the
 * framework that is known, with an id or without (scheduler API §10).
 */
export function reconcileOperations(
  context: Pick<OffersContext, 'state'>,
  framework: Framework,
  asked: readonly Asked[],
): void {
  const { operations } = context.state;
  const { frameworkId } = framework;
  if (asked.length === 0) {
    for (const operation of operations.ofFramework(frameworkId)) tellOperationStatus(framework, latest(operation));
  }
  for (const one of asked) {
    const known = operations.named(frameworkId, one.operation_id.value);
    tellOperationStatus(framework, known === undefined ? unknown(context.state, one) : latest(known));
  }
}

/** To be seen and not acknowledged. */
function latest({ record }: Operation): OperationStatus {
  const { uuid: _acknowledgedElsewhere, ...status } = record.latestStatus;
  return { ...status, agent_id: { value: record.agentId } };
}

/** An operation that is not known here is answered by the standing of its agent. */
function unknown(
  state: OffersContext['state'],
  { operation_id, agent_id, resource_provider_id }: Asked,
): OperationStatus {
  return {
    operation_id,
    state: stateOf(state, agent_id?.value),
    ...(agent_id === undefined ? {} : { agent_id }),
    ...(resource_provider_id === undefined ? {} : { resource_provider_id }),
  };
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
