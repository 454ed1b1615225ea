import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { TaskRecord } from '../records/task-record.js';

/**
 * A task was sent to its agent, was adopted from an agent's registration, or holds something else from now on. Published by `offers`. Replaces what is known of
 * the task.
 *
 * Heard in order with its statuses, those of an earlier task of the same id, the offers of its agent, and the end of the task whose executor's resources
 * it takes over: nothing counts twice.
 */
export const TaskLaunchedV1 = fact({
  name: 'task.launched',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Object({
    task: TaskRecord,
    /** The task that has ended, and held until then what this one holds for their executor. */
    afterTaskId: Type.Optional(Type.String()),
  }),
  subjects: ({ task, afterTaskId }) => [
    ...[task.taskId, task.agentId],
    ...(afterTaskId === undefined ? [] : [afterTaskId]),
  ],
});
export type TaskLaunched = ItemOf<typeof TaskLaunchedV1>;
