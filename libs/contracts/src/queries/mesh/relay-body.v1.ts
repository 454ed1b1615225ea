import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../../contract.js';

/**
 * More of the body of a request that `open-relay` began, for the replica that answers it. One at a time: the next is asked when this one is answered.
 *
 * Answered when the application has read it, or after some seconds. Unknown exchange: `closed`.
 */
export const RelayBodyV1 = query({
  name: 'relay-body',
  version: 1,
  isRoutine: true,
  owner: 'each',
  request: Type.Object({
    exchangeId: Type.String(),
    /** Base64; empty: asks only whether there is room. */
    data: Type.String(),
    /** Whether the body is complete with it. */
    isLast: Type.Boolean(),
  }),
  response: Type.Object({
    /** `full`: the application reads more slowly than the client sends; `closed`: it reads no more. */
    state: Type.Union([Type.Literal('taken'), Type.Literal('full'), Type.Literal('closed')]),
  }),
});
export type RelayBody = RequestOf<typeof RelayBodyV1>;
export type RelayBodyResponse = ResponseOf<typeof RelayBodyV1>;
