import type { ExecutorInfo, FrameworkInfo, TaskInfo, TaskStatus } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document } from '../document.js';

/** One task as its agent knows it, told on registration: the agent is the last word on what runs on it. */
export const TaskReport = Type.Object({
  frameworkId: Type.String(),
  task: document<TaskInfo>(),
  role: Type.String(),
  /** Newest status the agent has made, sent or not; absent before the first. */
  latestStatus: Type.Optional(document<TaskStatus>()),
  /**
   * The status that its framework is being told, or was told last: the oldest that waits for an acknowledgement, else the last one that got it. The
   * framework has heard of none after it. Absent: there is none yet, or the agent is of an older version.
   */
  inDelivery: Type.Optional(
    Type.Object({
      uuid: Type.String(),
      /** Absent: it is `latestStatus`. */
      status: Type.Optional(document<TaskStatus>()),
    }),
  ),
  traceId: Type.String(),
  /** W3C trace context of that ACCEPT: parent of everything that happens to the task, however much later. */
  traceparent: Type.Optional(Type.String()),
});
export type TaskReport = Static<typeof TaskReport>;

/** A framework that has tasks on the agent. */
export const FrameworkReport = Type.Object({ frameworkId: Type.String(), info: document<FrameworkInfo>() });
export type FrameworkReport = Static<typeof FrameworkReport>;

/** A custom or default executor that runs on the agent, with or without tasks. */
export const ExecutorReport = Type.Object({ frameworkId: Type.String(), executor: document<ExecutorInfo>() });
export type ExecutorReport = Static<typeof ExecutorReport>;
