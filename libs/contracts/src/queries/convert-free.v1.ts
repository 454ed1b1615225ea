import type { Resource } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../contract.js';
import { document, word } from '../document.js';

/**
 * What is free on an agent shall become something else, at an operator's wish.
 *
 * Asked by `offers` before it books the operation. The allocator alone knows what is free of all that it has given: what it converts, it gives to nobody
 * as it was. Should `offers` not come to book it, the next word on the agent's total undoes it.
 */
export const ConvertFreeV1 = query({
  name: 'convert-free',
  version: 1,
  owner: 'allocator',
  request: Type.Object({
    agentId: Type.String(),
    /** Whose share in the agent's total it is, where `offers` is cut. */
    partition: Type.Integer(),
    /** v1 documents, post-refinement. */
    consumed: Type.Array(document<Resource>()),
    converted: Type.Array(document<Resource>()),
  }),
  response: Type.Object({
    /** `lacking`: not all of it is free. `unknown-agent`: what is held there is not known yet. */
    outcome: word(['converted', 'lacking', 'unknown-agent']),
    /** Of what is lacking: all that is free there. */
    free: Type.Optional(Type.Array(document<Resource>())),
  }),
});
export type ConvertFree = RequestOf<typeof ConvertFreeV1>;
export type FreeConversion = ResponseOf<typeof ConvertFreeV1>;
