import type { MasterEvent } from '@tranche/mesos-api';

/** What of an event people filter by, and what they read. */
export interface EventFacts {
  readonly type: string;
  readonly text: string;
  readonly taskId?: string;
  readonly frameworkId?: string;
  readonly agentId?: string;
  /** Of the task or framework. */
  readonly name?: string;
}

/** @returns undefined for what tells nothing by itself: the snapshot at the beginning, heartbeats */
export function factsOf(event: MasterEvent): EventFacts | undefined {
  const { type = 'UNKNOWN' } = event;
  if (event.task_added !== undefined) {
    const { task } = event.task_added;
    const text = `${task.name} on ${task.agent_id.value}`;
    return { type, text, ...idsOf(task.task_id.value, task.framework_id.value, task.agent_id.value), name: task.name };
  }
  if (event.task_updated !== undefined) {
    const { framework_id, status, state } = event.task_updated;
    const told = state === undefined || state === status.state ? status.state : `${status.state}, by now ${state}`;
    const why = status.message === undefined || status.message === '' ? '' : `: ${status.message}`;
    const text = `${status.task_id.value} ${told}${why}`;
    return { type, text, ...idsOf(status.task_id.value, framework_id.value, status.agent_id?.value) };
  }
  const agentInfo = event.agent_added?.agent.agent_info;
  if (agentInfo !== undefined) {
    return {
      type,
      text: `${agentInfo.hostname} ${agentInfo.id?.value ?? ''}`,
      ...idsOf(undefined, undefined, agentInfo.id?.value),
    };
  }
  if (event.agent_removed !== undefined) {
    const agentId = event.agent_removed.agent_id.value;
    return { type, text: agentId, agentId };
  }
  const info =
    event.framework_added?.framework.framework_info ??
    event.framework_updated?.framework.framework_info ??
    event.framework_removed?.framework_info;
  if (info === undefined) return undefined;
  const frameworkId = info.id?.value ?? '';
  return { type, text: `${info.name} ${frameworkId}`, frameworkId, name: info.name };
}

const idsOf = (
  taskId: string | undefined,
  frameworkId: string | undefined,
  agentId: string | undefined,
): Pick<EventFacts, 'taskId' | 'frameworkId' | 'agentId'> => ({
  ...(taskId === undefined ? {} : { taskId }),
  ...(frameworkId === undefined ? {} : { frameworkId }),
  ...(agentId === undefined ? {} : { agentId }),
});

export interface EventFilter {
  readonly task?: string;
  readonly framework?: string;
  readonly agent?: string;
  /** `TASK_*`. */
  readonly type?: string;
}

/** Whether an event is of what was asked for: ids, their beginnings or ends, and names. */
export function passes(facts: EventFacts, { task, framework, agent, type }: EventFilter): boolean {
  const isOf = (wanted: string | undefined, id: string | undefined, name?: string): boolean =>
    wanted === undefined ||
    name === wanted ||
    (id !== undefined && (id.startsWith(wanted) || id.endsWith(`-${wanted}`)));
  return (
    isOf(task, facts.taskId, facts.name) &&
    isOf(framework, facts.frameworkId, facts.taskId === undefined ? facts.name : undefined) &&
    isOf(agent, facts.agentId) &&
    (type === undefined || globOf(type).test(facts.type))
  );
}

const globOf = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );
