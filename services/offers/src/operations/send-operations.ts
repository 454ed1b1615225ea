import type { ApplyOperations } from '@tranche/contracts';
import { isReachable } from '../agents/agent.js';
import type { OffersContext } from '../offers-context.js';
import { hasEnded, type Operation } from './operation.js';

type Context = Pick<OffersContext, 'state' | 'agents' | 'clock'>;

/** Operations that the broker did not take are sent again after this long: what they make is in the books already. */
const RETRY_DELAY_MS = 1_000;

/**
 * Sends operations that are in the books to their agent, in their order.
 *
 * @returns when the broker has them, or could not take them now; they are then sent until it can, or their agent is lost
 */
export async function sendOperations(
  context: Context,
  agentId: string,
  operations: readonly Operation[],
): Promise<void> {
  if (operations.length === 0) return;
  const delivery = await context.agents.apply(agentId, operations.map(commandOf));
  if (delivery === 'delivered' || delivery === 'abandoned') return;
  context.clock.after(RETRY_DELAY_MS, () => {
    const agent = context.state.agents.get(agentId);
    if (agent === undefined || !isReachable(agent)) return;
    void sendOperations(
      context,
      agentId,
      operations.filter((operation) => isWanted(context.state, operation)),
    );
  });
}

const isWanted = (state: Context['state'], operation: Operation): boolean =>
  state.operations.get(operation.record.operationUuid) === operation && !hasEnded(operation);

function commandOf({ record }: Operation): ApplyOperations {
  const { agentId, frameworkId, operationUuid, operationId, info, traceId } = record;
  return {
    agentId,
    operationUuid,
    ...(frameworkId === undefined ? {} : { frameworkId }),
    ...(operationId === undefined ? {} : { operationId }),
    info,
    traceId,
  };
}
