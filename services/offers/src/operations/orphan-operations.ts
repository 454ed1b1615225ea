import type { OffersContext } from '../offers-context.js';
import { forgetOperation } from './end-operation.js';
import { hasEnded } from './operation.js';

/**
 * The operations of a framework that is removed: what was asked of agents is done all the same, and what they report is acknowledged by
 * this service, now and later.
 */
export function orphanOperations(
  context: Pick<OffersContext, 'state' | 'changes' | 'agents'>,
  frameworkId: string,
): void {
  for (const operation of context.state.operations.ofFramework(frameworkId)) {
    if (!hasEnded(operation)) continue;
    const { agentId, operationUuid, latestStatus } = operation.record;
    const statusUuid = latestStatus.uuid?.value;
    if (statusUuid !== undefined) {
      context.agents.acknowledgeOperation(agentId, { agentId, operationUuid, statusUuid });
    }
    forgetOperation(context, operation);
  }
}
