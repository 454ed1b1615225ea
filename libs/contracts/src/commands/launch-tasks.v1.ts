import type { FrameworkInfo, TaskInfo } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { document } from '../document.js';

/**
 * Run this task. Sent by `offers` to the agent's queue; a scheduler's ACCEPT is answered after the broker has it.
 *
 * A task id that the agent already has for this framework is a repetition and is ignored. A task that the agent cannot run gets a
 * status that says why.
 */
export const LaunchTasksV1 = command({
  name: 'launch-tasks',
  version: 1,
  owner: 'agent',
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    framework: document<FrameworkInfo>(),
    task: document<TaskInfo>(),
    /** Role its resources are allocated to. */
    role: Type.String(),
    traceId: Type.String(),
    /** W3C trace context of the ACCEPT: what happens to the task is below it. */
    traceparent: Type.Optional(Type.String()),
  }),
});
export type LaunchTasks = ItemOf<typeof LaunchTasksV1>;
