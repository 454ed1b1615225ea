import type { MasterCall, MasterResponse } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../contract.js';
import { document, word } from '../document.js';

/**
 * A call of the operator API about roles, asked by `registry`, whose address it came to.
 *
 * It changes what it asks to change: asked twice, it has the same effect as once.
 */
export const OperatorCallV1 = query({
  name: 'operator-call',
  version: 1,
  owner: 'quota',
  request: Type.Object({ call: document<MasterCall>() }),
  response: Type.Object({
    /** `done`: answered without a body. */
    outcome: word(['done', 'answered', 'bad-request', 'conflict']),
    /** Of `answered`. */
    response: Type.Optional(document<MasterResponse>()),
    /** Of a refusal, in Mesos' words. */
    message: Type.Optional(Type.String()),
  }),
});
export type OperatorCall = RequestOf<typeof OperatorCallV1>;
export type OperatorAnswer = ResponseOf<typeof OperatorCallV1>;
