import type { OfferOperation } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';
import { document } from '../../document.js';

/**
 * Reserve, unreserve, create, destroy, grow or shrink: change this agent's resources. Never a launch.
 *
 * Sent by `offers` to the agent's queue, in the order in which they were accepted and before a launch that needs their result. `offers` and
 * `allocator` have already applied it to their books. The agent checkpoints the result before it reports it by
 * `report-operation-status`, with OPERATION_FINISHED or with why it could not. A uuid that the agent has handled already is a repetition:
 * it repeats its report and changes nothing. Unknown resources: OPERATION_DROPPED.
 */
export const ApplyOperationsV1 = command({
  name: 'apply-operations',
  version: 1,
  owner: 'agent',
  item: Type.Object({
    agentId: Type.String(),
    /** Absent for an operator's. */
    frameworkId: Type.Optional(Type.String()),
    /** Base64 of 16 bytes, as in `Operation.uuid`. Identifies it everywhere. */
    operationUuid: Type.String(),
    /** The framework's own id: it wants feedback, statuses with a uuid that are repeated until acknowledged. */
    operationId: Type.Optional(Type.String()),
    /**
     * As accepted, in post-refinement form. Every resource of a framework's has `allocation_info`, which the agent keeps for display and
     * takes off to apply it: its total has none.
     */
    info: document<OfferOperation>(),
    traceId: Type.String(),
  }),
});
export type ApplyOperations = ItemOf<typeof ApplyOperationsV1>;
