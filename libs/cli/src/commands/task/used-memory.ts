import type { AgentView, TaskView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { takeSamples } from '../top/usage-samples.js';

/** More agents than these are not asked for one table: `tranche top` asks them all. */
const MAX_AGENTS = 25;
/** A table does not wait longer for agents that are slow to answer. */
const PATIENCE_MS = 1_000;

/**
 * What running tasks use of memory now, as their agents say.
 *
 * @returns bytes by `memoryKey`; without tasks that share an executor, those of agents that did not answer in time, and all when they are
 * spread over too many agents
 */
export async function usedMemory(
  { api, io }: Pick<CliContext, 'api' | 'io'>,
  tasks: readonly TaskView[],
): Promise<ReadonlyMap<string, number>> {
  const running = tasks.filter(({ state, agentId }) => state === 'TASK_RUNNING' && agentId !== '');
  const agents = new Map(running.map(({ agentId, agentHostname }) => [agentId, agentHostname]));
  if (agents.size === 0 || agents.size > MAX_AGENTS) return new Map();
  const asked = [...agents].map(
    ([id, hostname]) => ({ id, hostname, state: 'active', tasks: 1 }) satisfies Partial<AgentView>,
  );
  const isOver = new AbortController();
  const late = io.sleep(PATIENCE_MS, isOver.signal).then(() => []);
  const measured = takeSamples(api, asked).then(({ samples }) => samples);
  const samples = await Promise.race([measured, late]);
  isOver.abort();
  return new Map(samples.map(({ frameworkId, executorId, memBytes }) => [`${frameworkId}/${executorId}`, memBytes]));
}

/** An executor of one task has the task's own id. */
export const memoryKey = ({ frameworkId, id }: Pick<TaskView, 'frameworkId' | 'id'>): string => `${frameworkId}/${id}`;
