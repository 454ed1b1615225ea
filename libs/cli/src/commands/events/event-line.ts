import type { EventView } from '@tranche/contracts';

/** What happened, without its time and type. */
export function eventText(event: EventView): string {
  const { type, taskName, taskId, hostname, agentId, frameworkName, frameworkId, state = '', message } = event;
  const why = [event.reason, message].filter((part) => part !== undefined && part !== '').join(': ');
  const because = why === '' ? '' : `: ${why}`;
  if (type === 'TASK_ADDED')
    return `${taskName ?? taskId} on ${hostname ?? agentId}, of ${frameworkName ?? frameworkId}`;
  if (type === 'TASK_UPDATED') return `${taskName ?? taskId} ${state}${because}`;
  if (type.startsWith('FRAMEWORK_')) return `${frameworkName ?? frameworkId} ${state}${because}`;
  const drain = event.drain === undefined ? '' : `, ${event.drain}`;
  return `${hostname ?? agentId} ${state}${drain}${because}`;
}

export interface EventFilter {
  readonly task?: string;
  readonly framework?: string;
  readonly agent?: string;
  /** `TASK_*`. */
  readonly type?: string;
}

/** Whether an event is of what was asked for: ids, their beginnings or ends, and names. */
export function passes(event: EventView, { task, framework, agent, type }: EventFilter): boolean {
  const isOf = (wanted: string | undefined, id: string | undefined, name?: string): boolean =>
    wanted === undefined ||
    name === wanted ||
    (id !== undefined && (id.startsWith(wanted) || id.endsWith(`-${wanted}`)));
  return (
    isOf(task, event.taskId, event.taskName) &&
    isOf(framework, event.frameworkId, event.frameworkName) &&
    isOf(agent, event.agentId, event.hostname) &&
    (type === undefined || globOf(type).test(event.type))
  );
}

/** A pattern with `*` and `?`, whatever the case. */
export const globOf = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );
