import type { ForwardMessage, ReportExecutorEnd } from '@tranche/contracts';
import { sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';

/** An executor's message to its scheduler: dropped when that is not connected. */
export function forwardMessage({ state }: Pick<OffersContext, 'state'>, message: ForwardMessage): void {
  const { agentId, frameworkId, executorId, data } = message;
  const framework = state.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const ids = { agent_id: { value: agentId }, executor_id: { value: executorId } };
  sendEvent(framework, { type: 'MESSAGE', message: { ...ids, data } });
}

/**
 * A custom or default executor has ended: its scheduler is told how.
 *
 * @source scheduler API §7, FAILURE
 */
export function endExecutor({ state }: Pick<OffersContext, 'state'>, end: ReportExecutorEnd): void {
  const { agentId, frameworkId, executorId, status } = end;
  const framework = state.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const ids = { agent_id: { value: agentId }, executor_id: { value: executorId } };
  sendEvent(framework, { type: 'FAILURE', failure: { ...ids, status } });
}
