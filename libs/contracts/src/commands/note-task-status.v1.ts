import type { TaskStatus } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { document } from '../document.js';

/**
 * The newest status of a task whose older updates still wait for their acknowledgement.
 *
 * Sent by the agent when it makes the status, so that the books are right and an ended task's resources are free although its framework
 * is away or slow (Mesos' `latest_state`). It is not passed on: `report-task-status` brings it to the framework in its turn.
 * An unknown task is ignored.
 */
export const NoteTaskStatusV1 = command({
  name: 'note-task-status',
  version: 1,
  owner: 'offers',
  key: ({ frameworkId }) => frameworkId,
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    taskId: Type.String(),
    status: document<TaskStatus>(),
  }),
});
export type NoteTaskStatus = ItemOf<typeof NoteTaskStatusV1>;
