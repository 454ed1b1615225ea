import type { AgentRecord } from '@tranche/contracts';
import type { TaskStatus } from '@tranche/mesos-api';
import type { AgentObserver } from '../agents/agent-roster.js';
import type { KnownAgent } from '../agents/known-agent.js';
import type { AgentEntry } from '../model/agent-entry.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { ClusterObserver } from '../model/cluster-observer.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import type { TaskEntry } from '../model/task-entry.js';
import type { EventLog, NewEvent } from './event-log.js';

/** Puts what happens in the cluster into the log of events. */
export class NoteEvents implements ClusterObserver, AgentObserver {
  /** Of each agent, what its last event told. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly log: EventLog,
    private readonly model: ClusterModel,
  ) {}

  taskAdded(task: TaskEntry): void {
    this.log.add({ type: 'TASK_ADDED', ...taskFacts(this.model, task) });
  }

  /** A status that only repeats the one before is no event, unless it tells of health. */
  taskUpdated(task: TaskEntry, status: TaskStatus, before: TaskStatus | undefined): void {
    if (status.state === before?.state && status.healthy === before.healthy) return;
    const { reason, message, source } = status;
    this.log.add({
      type: 'TASK_UPDATED',
      ...taskFacts(this.model, task),
      state: status.state,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined || message === '' ? {} : { message }),
      ...(source === undefined ? {} : { source }),
    });
  }

  frameworkAdded(framework: FrameworkEntry): void {
    this.log.add({ type: 'FRAMEWORK_ADDED', ...frameworkFacts(framework) });
  }

  frameworkUpdated(framework: FrameworkEntry): void {
    this.log.add({ type: 'FRAMEWORK_UPDATED', ...frameworkFacts(framework) });
  }

  frameworkRemoved(framework: FrameworkEntry): void {
    this.log.add({ type: 'FRAMEWORK_REMOVED', ...frameworkFacts(framework) });
  }

  agentAdded(_agent: AgentEntry): void {
    // Told by `agentChanged`, which hears of every state.
  }

  agentRemoved(_agentId: string): void {
    // Likewise.
  }

  /** One event for each state of an agent, and for each step of its draining. */
  agentChanged({ record }: KnownAgent): void {
    const event = agentFacts(record);
    const text = JSON.stringify(event);
    const before = this.told.get(record.agentId);
    if (before === text) return;
    this.told.set(record.agentId, text);
    const isOver = record.state === 'removed' || record.state === 'gone';
    // What had left before this process began is no news.
    if (isOver && before === undefined) return;
    this.log.add({ type: isOver ? 'AGENT_REMOVED' : before === undefined ? 'AGENT_ADDED' : 'AGENT_UPDATED', ...event });
  }

  agentForgotten(agentId: string): void {
    this.told.delete(agentId);
  }

  replaced(): void {
    this.log.lose();
  }
}

/** What events and snapshots tell of a task. */
export function taskFacts(model: ClusterModel, { record }: TaskEntry): Omit<NewEvent, 'type'> {
  const { taskId, info, frameworkId, agentId, state, traceId } = record;
  const frameworkName = model.framework(frameworkId)?.record.info.name;
  const hostname = model.agents.get(agentId)?.known?.record.hostname;
  return {
    ...{ taskId, taskName: info.name, frameworkId },
    ...(frameworkName === undefined ? {} : { frameworkName }),
    agentId,
    ...(hostname === undefined ? {} : { hostname }),
    ...{ state, traceId },
  };
}

export const frameworkFacts = ({ record }: FrameworkEntry): Omit<NewEvent, 'type'> => ({
  ...{ frameworkId: record.frameworkId, frameworkName: record.info.name, state: record.state },
  ...(record.removedReason === undefined ? {} : { reason: record.removedReason }),
});

export const agentFacts = ({ agentId, hostname, state, stateReason, drain }: AgentRecord): Omit<NewEvent, 'type'> => ({
  ...{ agentId, hostname, state },
  ...(stateReason === undefined ? {} : { reason: stateReason }),
  ...(drain === undefined ? {} : { drain: drain.state }),
});
