import type { ExecutorInfo, FrameworkInfo, TaskGroupInfo } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { document } from '../document.js';

/**
 * Run these tasks together on one executor, which is started when it does not run yet. Sent by `offers` to the agent's queue.
 *
 * All or none: what ends one task before its delivery to the executor ends all. Each task is reported by `report-task-status` like any
 * other. A group whose tasks the agent already has for this framework is a repetition and is ignored. A group that the agent
 * cannot run gets a status for each of its tasks that says why.
 */
export const LaunchTaskGroupsV1 = command({
  name: 'launch-task-groups',
  version: 1,
  owner: 'agent',
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    framework: document<FrameworkInfo>(),
    /** With `framework_id`; its resources are held once, by whichever of its tasks came first. */
    executor: document<ExecutorInfo>(),
    /** Each task has `executor`, equal to the above, so that it can be reported alone. */
    taskGroup: document<TaskGroupInfo>(),
    /** Role that the resources are allocated to. */
    role: Type.String(),
    traceId: Type.String(),
    /** W3C trace context of the ACCEPT: what happens to the tasks is below it. */
    traceparent: Type.Optional(Type.String()),
  }),
});
export type LaunchTaskGroups = ItemOf<typeof LaunchTaskGroupsV1>;
