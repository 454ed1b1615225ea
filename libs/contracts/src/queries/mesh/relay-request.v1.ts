import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../../contract.js';

/**
 * A client's HTTP request that reached a replica which does not own what it is about, for the one that does.
 *
 * What the owner answers goes to the client as it is. A stream, or a large document, follows the response by `relay-chunks`.
 */
export const RelayRequestV1 = query({
  name: 'relay-request',
  version: 1,
  owner: 'each',
  request: Type.Object({
    /** Given by the replica that asks. */
    exchangeId: Type.String(),
    /** Its queue: for `relay-chunks`. */
    replyQueue: Type.String(),
    method: Type.String(),
    /** Path and query. */
    url: Type.String(),
    headers: Type.Record(Type.String(), Type.String()),
    /** Base64. */
    body: Type.String(),
  }),
  response: Type.Object({
    /** Who answers, `offers/1f6c…`. */
    source: Type.String(),
    status: Type.Integer(),
    headers: Type.Record(Type.String(), Type.String()),
    /** Base64; all of it, unless `isContinued`. */
    body: Type.String(),
    isContinued: Type.Boolean(),
    /** Whether it waits for the client at the word of `pace-relay`. Absent from a release that does not. */
    isPaced: Type.Optional(Type.Boolean()),
  }),
});
export type RelayRequest = RequestOf<typeof RelayRequestV1>;
export type RelayResponse = ResponseOf<typeof RelayRequestV1>;
