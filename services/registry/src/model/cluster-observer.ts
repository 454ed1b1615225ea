import type { FrameworkRecord } from '@tranche/contracts';
import type { TaskStatus } from '@tranche/mesos-api';
import type { AgentEntry } from './agent-entry.js';
import type { FrameworkEntry } from './framework-entry.js';
import type { TaskEntry } from './task-entry.js';

/** Hears of agents as the read model does. */
export interface AgentWatcher {
  /** It has registered, for the first time or after it was away. */
  agentAdded(agent: AgentEntry): void;
  /** It has said good-bye, was replaced, or its machine was brought down. Not told of unreachable and gone agents. */
  agentRemoved(agentId: string): void;
}

/** Hears what happens in the cluster, after the read model has changed. */
export interface ClusterObserver extends AgentWatcher {
  taskAdded(task: TaskEntry): void;
  /** @param before the status until then */
  taskUpdated(task: TaskEntry, status: TaskStatus, before: TaskStatus | undefined): void;
  frameworkAdded(framework: FrameworkEntry): void;
  /** It subscribed again, or what it said of itself has changed. */
  frameworkUpdated(framework: FrameworkEntry): void;
  frameworkRemoved(framework: FrameworkEntry): void;
  /** Facts were missed: what was heard until now may have changed unheard. */
  replaced(): void;
}

/** Tells several, in their order. */
export function observersOf(observers: readonly ClusterObserver[]): ClusterObserver {
  const each =
    <K extends keyof ClusterObserver>(method: K) =>
    (...args: Parameters<ClusterObserver[K]>): void => {
      for (const observer of observers)
        (observer[method] as (...given: Parameters<ClusterObserver[K]>) => void)(...args);
    };
  return {
    agentAdded: each('agentAdded'),
    agentRemoved: each('agentRemoved'),
    taskAdded: each('taskAdded'),
    taskUpdated: each('taskUpdated'),
    frameworkAdded: each('frameworkAdded'),
    frameworkUpdated: each('frameworkUpdated'),
    frameworkRemoved: each('frameworkRemoved'),
    replaced: each('replaced'),
  };
}

/** Says what a new record of a framework means. @param before its record until then; undefined when it was not known, or completed */
export function tellOfFramework(
  observer: ClusterObserver,
  entry: FrameworkEntry | undefined,
  before: FrameworkRecord | undefined,
): void {
  if (entry === undefined) return;
  const { record } = entry;
  if (before === undefined) {
    if (record.state !== 'removed') observer.frameworkAdded(entry);
  } else if (record.state === 'removed') observer.frameworkRemoved(entry);
  else if (isNews(before, record)) observer.frameworkUpdated(entry);
}

/** It subscribed again, or says other things of itself. */
const isNews = (before: FrameworkRecord, now: FrameworkRecord): boolean =>
  before.reregisteredAtMs !== now.reregisteredAtMs || JSON.stringify(before.info) !== JSON.stringify(now.info);
