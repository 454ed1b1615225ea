import type { ExecutorInfo, FrameworkInfo, KillPolicy, TaskInfo, TaskStatus } from '@tranche/mesos-api';
import type { ContainerCheckpoint } from '../containerizer/containerizer.js';
import type { ContainerRecord } from '../containers/container-book.js';
import type { AgentExecutor } from '../executors/agent-executor.js';
import type { OperationsRecord } from '../operations/operations-record.js';
import type { AgentTask } from '../tasks/agent-task.js';

/** Why the agent ends a task, and how long it lets it end by itself. */
export interface KillRequest {
  readonly cause:
    | 'kill'
    | 'framework-removed'
    | 'agent-stopping'
    | 'draining'
    | 'max-completion-time'
    | 'group-ended'
    | 'unhealthy';
  /** When SIGTERM was due, milliseconds since the epoch. */
  readonly requestedAtMs: number;
  /** When SIGKILL is due, milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** As the scheduler gave it with its KILL; an executor is told. */
  readonly policy?: KillPolicy;
}

/** What is known of a task when it is taken over, before anything of it exists on the node. */
export interface TaskLaunch {
  readonly frameworkId: string;
  readonly taskId: string;
  readonly info: TaskInfo;
  /** Role its resources are allocated to. */
  readonly role: string;
  readonly traceId: string;
  /** W3C trace context of the ACCEPT; absent in what older agents wrote. */
  readonly traceparent?: string;
  /** Of the message that brought it: a redelivery has the same and is no second launch. */
  readonly messageId: string;
  /** UUID text. */
  readonly containerId: string;
  /** Milliseconds since the epoch. */
  readonly launchedAtMs: number;
  /** Of the executor that a framework described; absent for a command task. */
  readonly executorId?: string;
  /** Container of that executor: the task's own container id too when the executor's process runs the task. */
  readonly executorContainerId?: string;
  /** Same for all tasks of one task group. UUID text. */
  readonly groupId?: string;
}

/** What is known of an executor when its first task is taken over. */
export interface ExecutorLaunch {
  readonly frameworkId: string;
  readonly executorId: string;
  readonly info: ExecutorInfo;
  /** Role its resources are allocated to. */
  readonly role: string;
  readonly traceId: string;
  /** UUID text; a new one for each run of an executor. */
  readonly containerId: string;
  /** Milliseconds since the epoch. */
  readonly launchedAtMs: number;
}

/** Why the agent ends an executor, and what its tasks are told if they have not ended by then. */
export interface ExecutorShutdown {
  readonly cause:
    | 'asked'
    | 'framework-removed'
    | 'agent-stopping'
    /** Its agent is being emptied, and it has no task. */
    | 'draining'
    /** It has never been sent a task, and none is left for it. */
    | 'unused'
    /** The agent plays it, and its last task has ended. */
    | 'idle'
    | 'not-launched'
    | 'not-registered'
    | 'not-reregistered'
    | 'not-updated'
    /** Its framework does not checkpoint, and the agent has restarted. */
    | 'not-checkpointed';
  /** When its container is destroyed, milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** In words for the statuses of its tasks; absent: `Executor terminated`. */
  readonly message?: string;
}

/**
 * One entry of the agent's journal: a thing that happened. The state is what comes out of applying all of them in order.
 *
 * JSON-safe. A kind is never renamed and its fields only ever grow optional ones; another meaning is another kind and another
 * format number of the journal.
 */
export type CheckpointRecord =
  /** The registry gave the agent its id. */
  | { readonly kind: 'agent'; readonly agentId: string }
  /** A framework's first task came, or its info changed. */
  | { readonly kind: 'framework'; readonly frameworkId: string; readonly info: FrameworkInfo }
  /** The framework is gone: its tasks end, its updates are forgotten. */
  | { readonly kind: 'framework-removed'; readonly frameworkId: string }
  /** A task was taken over: from here on somebody gets an answer for it. */
  | { readonly kind: 'task'; readonly launch: TaskLaunch }
  /** The container exists, its process is still blocked. */
  | {
      readonly kind: 'container';
      readonly frameworkId: string;
      readonly taskId: string;
      readonly container: ContainerCheckpoint;
    }
  | { readonly kind: 'kill'; readonly frameworkId: string; readonly taskId: string; readonly kill: KillRequest }
  /** A status update was made; it is sent until it is acknowledged. */
  | { readonly kind: 'status'; readonly frameworkId: string; readonly taskId: string; readonly status: TaskStatus }
  | {
      readonly kind: 'acknowledged';
      readonly frameworkId: string;
      readonly taskId: string;
      /** Base64 of 16 bytes. */
      readonly uuid: string;
    }
  /** The task was handed to its executor, or to the wire on the way there. */
  | { readonly kind: 'delivered'; readonly frameworkId: string; readonly taskId: string }
  | ExecutorRecord
  | OperationsRecord
  | ContainerRecord
  /** Snapshot only: a task with everything that happened to it. */
  | { readonly kind: 'restored-task'; readonly task: AgentTask };

/** What happens to executors that frameworks described. */
export type ExecutorRecord =
  /** The first task of an executor was taken over: a container is brought up for it. */
  | { readonly kind: 'executor'; readonly launch: ExecutorLaunch }
  /** The container exists, its process is still blocked. */
  | {
      readonly kind: 'executor-container';
      readonly frameworkId: string;
      readonly executorId: string;
      readonly container: ContainerCheckpoint;
    }
  | { readonly kind: 'executor-subscribed'; readonly frameworkId: string; readonly executorId: string }
  | {
      readonly kind: 'executor-shutdown';
      readonly frameworkId: string;
      readonly executorId: string;
      readonly shutdown: ExecutorShutdown;
    }
  /** Its container is gone, its tasks are answered for, and the control plane was told. */
  | { readonly kind: 'executor-ended'; readonly frameworkId: string; readonly executorId: string }
  /** Snapshot only: an executor with everything that happened to it. */
  | { readonly kind: 'restored-executor'; readonly executor: AgentExecutor; readonly hasEnded: boolean };
