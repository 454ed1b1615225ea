import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../../contract.js';

/**
 * A client's HTTP request, as `relay-request`, whose body is long or still under way: it follows by `relay-body`, for as long as the client likes.
 *
 * Answered when the owner's application has been asked; what that answers comes by `relay-chunks`, its head in the first. A release that does not know it
 * refuses it, and gets the whole body by `relay-request`.
 */
export const OpenRelayV1 = query({
  name: 'open-relay',
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
    /** Of the body, as the client has announced it; absent: it has not. */
    bodyBytes: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  response: Type.Object({
    /** Who answers, `registry/1f6c…`. */
    source: Type.String(),
  }),
});
export type OpenRelay = RequestOf<typeof OpenRelayV1>;
export type OpenRelayResponse = ResponseOf<typeof OpenRelayV1>;
