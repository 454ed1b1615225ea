import type { EventView } from '@tranche/contracts';
import { type Fault, malformed, ProblemError, type RequestQuery } from '@tranche/http';

export type EventFilter = (event: Omit<EventView, 'number' | 'at'>) => boolean;

const valuesOf = (value: RequestQuery[string]): readonly string[] => (value === undefined ? [] : [value].flat());

/** `?type=TASK_*&taskId=&frameworkId=&agentId=`: a repeated one means any of its values. */
export function eventFilter({ type, taskId, frameworkId, agentId }: RequestQuery): EventFilter {
  const types = valuesOf(type).map(globOf);
  const isOf = (wanted: readonly string[], ...values: readonly (string | undefined)[]): boolean =>
    wanted.length === 0 || values.some((value) => value !== undefined && wanted.includes(value));
  const [tasks, frameworks, agents] = [valuesOf(taskId), valuesOf(frameworkId), valuesOf(agentId)];
  return (event) =>
    (types.length === 0 || types.some((glob) => glob.test(event.type))) &&
    isOf(tasks, event.taskId, event.taskName) &&
    isOf(frameworks, event.frameworkId, event.frameworkName) &&
    isOf(agents, event.agentId, event.hostname);
}

/** A pattern with `*` and `?`, whatever the case. */
function globOf(glob: string): RegExp {
  const escaped = glob.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
}

/** `?since=2026-11-29T12:00:00Z`, ms since the epoch. @throws ProblemError 400 */
export function sinceMs({ since }: RequestQuery): number | undefined {
  if (since === undefined) return undefined;
  const ms = typeof since === 'string' ? Date.parse(since) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const fault: Fault = { path: 'since', message: 'must be a time as 2026-11-29T12:00:00Z', value: since };
  throw new ProblemError(malformed([fault]));
}
