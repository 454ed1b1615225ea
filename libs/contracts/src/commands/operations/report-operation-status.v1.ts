import type { OperationStatus } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';
import { document } from '../../document.js';

/**
 * What became of an operation, from its agent, after it was checkpointed there.
 *
 * With `status.uuid` (the operation has an id) it is repeated with back-off until `acknowledge-operation-status` has come; without, it is
 * sent once and told again in the agent's registration. Unknown operation with a uuid: `offers` acknowledges it itself when its framework
 * is completed or unknown, so that the agent stops repeating it. A terminal status other than OPERATION_FINISHED makes `offers`
 * ask the agent to register again: its truth then replaces what was applied in advance.
 */
export const ReportOperationStatusV1 = command({
  name: 'report-operation-status',
  version: 1,
  owner: 'offers',
  key: ({ frameworkId = '' }) => frameworkId,
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.Optional(Type.String()),
    operationUuid: Type.String(),
    operationId: Type.Optional(Type.String()),
    /**
     * With `agent_id`, and `operation_id` and `uuid` when feedback is wanted. `converted_resources` are not passed on: what the agent made is
     * in its total.
     */
    status: document<OperationStatus>(),
  }),
});
export type ReportOperationStatus = ItemOf<typeof ReportOperationStatusV1>;
