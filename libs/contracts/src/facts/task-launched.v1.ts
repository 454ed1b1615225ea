import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { TaskRecord } from '../records/task-record.js';

/**
 * A task was sent to its agent, or adopted from an agent's registration. Published by `offers`. Replaces what is known of the task.
 *
 * Heard in order with its statuses, those of an earlier task of the same id, and the offers of its agent.
 */
export const TaskLaunchedV1 = fact({
  name: 'task.launched',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Object({ task: TaskRecord }),
  subjects: ({ task }) => [task.taskId, task.agentId],
});
export type TaskLaunched = ItemOf<typeof TaskLaunchedV1>;
