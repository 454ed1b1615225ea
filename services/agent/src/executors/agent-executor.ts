import type { ExecutorInfo, FrameworkInfo } from '@tranche/mesos-api';
import type { ExecutorLaunch, ExecutorShutdown } from '../checkpoint/record.js';
import type { ContainerCheckpoint } from '../containerizer/containerizer.js';
import type { AgentTask } from '../tasks/agent-task.js';

/**
 * An executor that a framework described, as its agent knows it. JSON-safe: it goes into the journal's snapshot as it is. Changed by
 * `AgentState` alone.
 *
 * A command task has none: the agent plays its executor, and there is no process of it.
 */
export interface AgentExecutor extends ExecutorLaunch {
  /** Present from the moment its blocked process exists. */
  readonly container?: ContainerCheckpoint;
  /** It has subscribed, so that it can come back after a restart of the agent. */
  readonly hasSubscribed?: true;
  /** Present once it is to end. */
  readonly shutdown?: ExecutorShutdown;
}

/** Identifies an executor on the agent; ids contain no slash. */
export const executorKey = (executor: { readonly frameworkId: string; readonly executorId: string }): string =>
  `${executor.frameworkId}/${executor.executorId}`;

/** The agent itself plays the executors of this type: their tasks run in containers nested in the executor's. */
export const isDefaultExecutor = (info: ExecutorInfo): boolean => info.type === 'DEFAULT';

/** Whether a task runs in a container of its own below its executor's: a task of a group. */
export const isNestedTask = (task: Pick<AgentTask, 'containerId' | 'executorContainerId'>): boolean =>
  task.executorContainerId !== undefined && task.executorContainerId !== task.containerId;

/** Whether a task is run by a process of its framework, which is told what to do and tells how it goes. */
export const isRunByExecutor = (task: Pick<AgentTask, 'containerId' | 'executorContainerId'>): boolean =>
  task.executorContainerId !== undefined && task.executorContainerId === task.containerId;

/** Whether a task has no executor but the one that the agent plays for it alone: a command task. */
export const isStandingAlone = (task: Pick<AgentTask, 'executorContainerId'>): boolean =>
  task.executorContainerId === undefined;

/** User whose name an executor runs under. */
export const userOfExecutor = ({ info }: AgentExecutor, framework: FrameworkInfo): string =>
  info.command?.user ?? framework.user;
