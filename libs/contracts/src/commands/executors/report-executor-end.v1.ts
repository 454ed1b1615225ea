import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * A custom or default executor has ended, sent by its agent after the last updates of its tasks: the scheduler gets a FAILURE event,
 * and the executor's own resources are free again. Not sent for executors that the agent generates for command tasks.
 *
 * A repetition, or an executor that `offers` does not know: the event is sent, nothing else changes.
 * Unknown framework, or one that is not connected: no event.
 */
export const ReportExecutorEndV1 = command({
  name: 'report-executor-end',
  version: 1,
  owner: 'offers',
  key: ({ frameworkId }) => frameworkId,
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    executorId: Type.String(),
    /** Raw wait status: exit code × 256, or the number of the signal that killed it; -1 when unknown. */
    status: Type.Integer(),
  }),
});
export type ReportExecutorEnd = ItemOf<typeof ReportExecutorEndV1>;
