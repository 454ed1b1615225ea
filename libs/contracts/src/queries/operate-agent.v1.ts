import type { OfferOperation } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../contract.js';
import { document, word } from '../document.js';

/**
 * An operator's operation on what is free on an agent: reserve, unreserve, create, destroy, grow or shrink.
 *
 * Asked by the service that the operator has turned to. Goes to the partition of `offers` that keeps operators' operations, which judges it by the
 * rules of frameworks' operations, has offers taken back that are in its way, books it and sends it to the agent. It is answered when the
 * agent has done it, or has it and takes long. Asked twice, the second finds nothing left to take.
 */
export const OperateAgentV1 = query({
  name: 'operate-agent',
  version: 1,
  owner: 'offers',
  request: Type.Object({
    agentId: Type.String(),
    /** As it was asked for; its resources in either format. */
    info: document<OfferOperation>(),
    /** Who asks, where that is known: reservations and volumes must be in its name. */
    principal: Type.Optional(Type.String()),
    /** Only say whether the rules, and what the agent has, allow it. */
    isTrial: Type.Optional(Type.Boolean()),
  }),
  response: Type.Object({
    /** `accepted`: booked, and with the agent. `conflict`: not with what is free there. `unavailable`: not now. */
    outcome: word(['accepted', 'bad-request', 'conflict', 'unavailable']),
    /** Of what is refused, in Mesos' words. */
    message: Type.Optional(Type.String()),
    /** Of what is accepted: by which it is found among the operations. */
    operationUuid: Type.Optional(Type.String()),
  }),
});
export type OperateAgent = RequestOf<typeof OperateAgentV1>;
export type OperateAnswer = ResponseOf<typeof OperateAgentV1>;
