import type { Resource, TaskInfo, TaskState, TaskStatus } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document } from '../document.js';

/** What `offers` knows of one task, live or in history. Times in milliseconds since the epoch. */
export const TaskRecord = Type.Object({
  frameworkId: Type.String(),
  taskId: Type.String(),
  agentId: Type.String(),
  /** Role its resources were allocated to. */
  role: Type.String(),
  /** As the framework sent it, with `allocation_info` filled in. */
  info: document<TaskInfo>(),
  /** What it holds: task plus, for the first task of an executor, executor; v1 documents, post-refinement. */
  resources: Type.Array(document<Resource>()),
  state: Type.Unsafe<TaskState>(Type.String()),
  /** Status updates in order, one per consecutive equal state: the last of each. */
  statuses: Type.Array(document<TaskStatus>()),
  /** User it runs as: of the command, else of the framework. */
  user: Type.String(),
  launchedAtMs: Type.Number(),
  /** First TASK_RUNNING. */
  runningAtMs: Type.Optional(Type.Number()),
  /** First terminal state. */
  endedAtMs: Type.Optional(Type.Number()),
  /** Health checks that have failed in a row; absent while the last one went well. */
  failedChecks: Type.Optional(Type.Number()),
  /** W3C trace id of the ACCEPT that launched it, 32 hex digits. */
  traceId: Type.String(),
  /** W3C trace context of that ACCEPT: parent of everything that happens to the task, however much later. */
  traceparent: Type.Optional(Type.String()),
});
export type TaskRecord = Static<typeof TaskRecord>;
