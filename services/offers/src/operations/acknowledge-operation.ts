import type { SchedulerCallAcknowledgeOperationStatus } from '@tranche/mesos-api';
import { isReachable } from '../agents/agent.js';
import type { Framework } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { forgetOperation } from './end-operation.js';
import { hasEnded } from './operation.js';

/**
 * ACKNOWLEDGE_OPERATION_STATUS: tells the agent, which forgets an operation that has ended; so does this service.
 *
 * Ignored when the agent cannot be reached, or the operation or the uuid is unknown: the agent repeats what was not acknowledged.
 *
 * @returns false: it was ignored
 */
export function acknowledgeOperation(
  context: Pick<OffersContext, 'state' | 'changes' | 'agents'>,
  { frameworkId }: Framework,
  acknowledge: SchedulerCallAcknowledgeOperationStatus,
): boolean {
  const agentId = acknowledge.agent_id?.value ?? '';
  const agent = context.state.agents.get(agentId);
  const operation = context.state.operations.named(frameworkId, acknowledge.operation_id.value);
  if (agent === undefined || !isReachable(agent) || operation?.record.agentId !== agentId) return false;
  if (operation.forwardedUuid !== acknowledge.uuid) return false;
  const { operationUuid } = operation.record;
  context.agents.acknowledgeOperation(agentId, { agentId, operationUuid, statusUuid: acknowledge.uuid });
  if (!hasEnded(operation)) return true;
  context.state.operations.noteAcknowledged(operationUuid, acknowledge.uuid);
  forgetOperation(context, operation);
  return true;
}
