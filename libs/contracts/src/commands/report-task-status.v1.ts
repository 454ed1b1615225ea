import type { TaskStatus } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { document } from '../document.js';

/**
 * A status update of a task, from its agent, repeated until it is acknowledged.
 *
 * Checkpointed by the agent before it is sent. `status` has `uuid`, `agent_id`, `executor_id`, `timestamp` and `container_status`.
 * Unknown framework: `offers` acknowledges it itself, so that the agent stops repeating it.
 */
export const ReportTaskStatusV1 = command({
  name: 'report-task-status',
  version: 1,
  isTransient: true,
  owner: 'offers',
  key: ({ frameworkId }) => frameworkId,
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    taskId: Type.String(),
    status: document<TaskStatus>(),
    traceId: Type.String(),
    /** W3C trace context that the update belongs to. */
    traceparent: Type.Optional(Type.String()),
  }),
});
export type ReportTaskStatus = ItemOf<typeof ReportTaskStatusV1>;
