import type { ForwardMessage, ReportExecutorEnd } from '@tranche/contracts';
import { sendEvent } from '../frameworks/framework.js';
import type { OffersContext } from '../offers-context.js';
import { freeExecutor } from './idle-executors.js';

/** An executor's message to its scheduler: dropped when that is not connected. @returns false: the framework is not known */
export function forwardMessage({ state }: Pick<OffersContext, 'state'>, message: ForwardMessage): boolean {
  const { agentId, frameworkId, executorId, data } = message;
  const framework = state.frameworks.get(frameworkId);
  if (framework === undefined) return false;
  const ids = { agent_id: { value: agentId }, executor_id: { value: executorId } };
  sendEvent(framework, { type: 'MESSAGE', message: { ...ids, data } });
  return true;
}

/**
 * A custom or default executor has ended: what it held is free, and its scheduler is told how it ended.
 *
 * @source scheduler API §7, FAILURE
 */
export function endExecutor(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes'>,
  end: ReportExecutorEnd,
): void {
  const { agentId, frameworkId, executorId, status } = end;
  freeExecutor(context, end);
  const framework = context.state.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const ids = { agent_id: { value: agentId }, executor_id: { value: executorId } };
  sendEvent(framework, { type: 'FAILURE', failure: { ...ids, status } });
}
