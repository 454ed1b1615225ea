import type { FrameworkInfo, TaskInfo, TaskStatus } from '@tranche/mesos-api';
import type { ContainerCheckpoint } from '../containerizer/containerizer.js';
import type { AgentTask } from '../tasks/agent-task.js';

/** Why the agent ends a task, and how long it lets it end by itself. */
export interface KillRequest {
  readonly cause: 'kill' | 'framework-removed' | 'agent-stopping' | 'max-completion-time';
  /** When SIGTERM was due, milliseconds since the epoch. */
  readonly requestedAtMs: number;
  /** When SIGKILL is due, milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** What is known of a task when it is taken over, before anything of it exists on the node. */
export interface TaskLaunch {
  readonly frameworkId: string;
  readonly taskId: string;
  readonly info: TaskInfo;
  /** Role its resources are allocated to. */
  readonly role: string;
  readonly traceId: string;
  /** Of the message that brought it: a redelivery has the same and is no second launch. */
  readonly messageId: string;
  /** UUID text. */
  readonly containerId: string;
  /** Milliseconds since the epoch. */
  readonly launchedAtMs: number;
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
  /** Snapshot only: a task with everything that happened to it. */
  | { readonly kind: 'restored-task'; readonly task: AgentTask };
