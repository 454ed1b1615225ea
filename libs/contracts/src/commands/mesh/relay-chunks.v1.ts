import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * More of a response that a replica relays to its client: of an event stream, or of a document that is too large for one message.
 *
 * Sent by the replica that answers to the queue of the one that has the client, in order; one without data asks only whether the client is still there. Unknown
 * exchange: its client has gone; the sender is told by `end-relay`.
 */
export const RelayChunksV1 = command({
  name: 'relay-chunks',
  version: 1,
  isRoutine: true,
  owner: 'each',
  item: Type.Object({
    exchangeId: Type.String(),
    /** Present on the first one of an exchange that `open-relay` began. */
    head: Type.Optional(Type.Object({ status: Type.Integer(), headers: Type.Record(Type.String(), Type.String()) })),
    /** Base64. */
    data: Type.String(),
    /** Present on the last one: whether the response is complete, or was broken off. */
    end: Type.Optional(Type.Union([Type.Literal('complete'), Type.Literal('broken')])),
  }),
});
export type RelayChunks = ItemOf<typeof RelayChunksV1>;
