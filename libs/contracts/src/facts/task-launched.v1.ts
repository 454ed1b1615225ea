import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { TaskRecord } from '../records/task-record.js';

/** A task was sent to its agent, or adopted from an agent's registration. Published by `offers`. Replaces what is known of the task. */
export const TaskLaunchedV1 = fact({
  name: 'task.launched',
  version: 1,
  isTransient: true,
  owner: 'offers',
  item: Type.Object({ task: TaskRecord }),
});
export type TaskLaunched = ItemOf<typeof TaskLaunchedV1>;
