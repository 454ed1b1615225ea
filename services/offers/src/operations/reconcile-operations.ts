import type {
  OperationState,
  OperationStatus,
  SchedulerCallReconcileOperationsOperation as Asked,
} from '@tranche/mesos-api';
import { whenTold } from '../agents/ask-agents.js';
import type { Framework } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import type { Operation } from './operation.js';
import { tellOperationStatus } from './operation-status.js';

/**
 * RECONCILE_OPERATIONS: one UPDATE_OPERATION_STATUS, without uuid, per operation asked for; without any, one per operation of the
 * framework that is known, with an id or without (scheduler API §10). One that is not known is answered for when its agent has told what it has.
 */
export function reconcileOperations(
  context: Pick<OffersContext, 'state' | 'agents'>,
  framework: Framework,
  asked: readonly Asked[],
): void {
  const { agents, operations } = context.state;
  const { frameworkId } = framework;
  if (asked.length === 0) {
    for (const operation of operations.ofFramework(frameworkId)) tellOperationStatus(framework, latest(operation));
  }
  for (const one of asked) {
    const operationId = one.operation_id.value;
    const agentId = one.agent_id?.value;
    const tell = (): void => {
      const known = operations.named(frameworkId, operationId);
      tellOperationStatus(framework, known === undefined ? unknown(context.state, one) : latest(known));
    };
    const isRecovering = agentId !== undefined && agents.get(agentId)?.isRecovered === true;
    const reason = `operation ${operationId} is asked for and is not known`;
    if (isRecovering || operations.named(frameworkId, operationId) !== undefined) tell();
    else whenTold(context, { key: `operation ${frameworkId} ${operationId}`, agentId, reason }, tell);
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
