import type { TaskState, TaskStatus } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { document } from '../document.js';

/**
 * A task got a status, or its terminal status was acknowledged.
 *
 * Published by `offers`. A receiver appends the status (a repeated state replaces the last entry) and moves the task to the
 * completed ones when `completed`. An unknown task is asked for by a snapshot.
 */
export const TaskUpdatedV1 = fact({
  name: 'task.updated',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Object({
    frameworkId: Type.String(),
    taskId: Type.String(),
    agentId: Type.String(),
    state: Type.Unsafe<TaskState>(Type.String()),
    /** Absent when only `completed` changed. */
    status: Type.Optional(document<TaskStatus>()),
    /** Terminal and acknowledged: it no longer occupies its id. */
    completed: Type.Boolean(),
  }),
  // Not its agent: what its end frees is offered only after the allocator has heard of it.
  subjects: ({ taskId }) => [taskId],
});
export type TaskUpdated = ItemOf<typeof TaskUpdatedV1>;
