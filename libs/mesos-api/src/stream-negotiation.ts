/**
 * Types of requests and answers of the agent's API, where either may be a stream: then `application/recordio` is the type of the body, and a
 * header of its own names the type of each record. The scheduler's, the executor's and the operator's streams have the type of their
 * records and need none of this.
 *
 * @source operator API §4
 */
import {
  firstAcceptable,
  JSON_TYPE,
  type MediaType,
  type Negotiated,
  PROTOBUF_TYPE,
  RECORDIO_TYPE,
  requestMediaType,
} from './content-negotiation.js';
import type { ApiRefusal } from './http-error.js';

/** Type of the records of a request. */
export const MESSAGE_CONTENT_TYPE_HEADER = 'Message-Content-Type';
/** Types of records that the client reads. */
export const MESSAGE_ACCEPT_HEADER = 'Message-Accept';

/** How a body is written. */
export interface StreamedMediaType {
  /** Type of the message, or of each record. */
  readonly mediaType: MediaType;
  /** The body's own type is `application/recordio`. */
  readonly isRecordIo: boolean;
}

/** Which sides of a call are streams; other calls have neither. */
export interface StreamsOfCall {
  /** ATTACH_CONTAINER_INPUT. */
  readonly request?: boolean;
  /** ATTACH_CONTAINER_OUTPUT, LAUNCH_NESTED_CONTAINER_SESSION. */
  readonly response?: boolean;
}

type Streamed =
  | { readonly ok: true; readonly type: StreamedMediaType }
  | { readonly ok: false; readonly refusal: ApiRefusal };

const refused = (kind: 'bad-request' | 'unsupported-media-type' | 'not-acceptable', message: string): Streamed => ({
  ok: false,
  refusal: { kind, message },
});
const taken = (mediaType: MediaType, isRecordIo: boolean): Streamed => ({ ok: true, type: { mediaType, isRecordIo } });
const isMediaType = (text: string): text is MediaType => text === JSON_TYPE || text === PROTOBUF_TYPE;

/**
 * How to read a request's body. What call it is stands in the body: whether that call may be streamed is said by `streamMismatch`.
 *
 * @param contentType value of `Content-Type`, if any. @param messageContentType value of `Message-Content-Type`, if any
 */
export function agentRequestType(contentType: string | undefined, messageContentType: string | undefined): Streamed {
  if (contentType === RECORDIO_TYPE) {
    if (messageContentType === undefined) {
      return refused('bad-request', `Expecting '${MESSAGE_CONTENT_TYPE_HEADER}' to be set for streaming requests`);
    }
    if (isMediaType(messageContentType)) return taken(messageContentType, true);
    return refused(
      'unsupported-media-type',
      `Expecting '${MESSAGE_CONTENT_TYPE_HEADER}' of ${JSON_TYPE} or ${PROTOBUF_TYPE}`,
    );
  }
  const plain: Negotiated = requestMediaType(contentType);
  if (!plain.ok) {
    if (plain.refusal.kind !== 'unsupported-media-type') return plain;
    return refused(
      'unsupported-media-type',
      `Expecting 'Content-Type' of ${JSON_TYPE} or ${PROTOBUF_TYPE} or ${RECORDIO_TYPE}`,
    );
  }
  if (messageContentType !== undefined) {
    return refused(
      'unsupported-media-type',
      `Expecting '${MESSAGE_CONTENT_TYPE_HEADER}' to be not set for non-streaming requests`,
    );
  }
  return taken(plain.mediaType, false);
}

/** Why the call that was read may not come in a body of that type; undefined when it may. @param call its type, for the text */
export function streamMismatch(call: string, streams: StreamsOfCall, type: StreamedMediaType): ApiRefusal | undefined {
  if (streams.request === type.isRecordIo || (streams.request === undefined && !type.isRecordIo)) return undefined;
  const message = type.isRecordIo
    ? `Streaming 'Content-Type' ${RECORDIO_TYPE} is not supported for ${call} call`
    : `Expecting 'Content-Type' to be ${RECORDIO_TYPE} for ${call} call`;
  return { kind: 'unsupported-media-type', message };
}

/**
 * How to write the answer: JSON if it is acceptable, else protobuf, else `application/recordio` for a call that is answered by a stream.
 *
 * @param accept value of `Accept`; none accepts everything. @param messageAccept value of `Message-Accept`; none accepts everything
 */
export function agentResponseType(
  accept: string | undefined,
  messageAccept: string | undefined,
  streams: StreamsOfCall,
): Streamed {
  const bodyType = firstAcceptable(accept, [JSON_TYPE, PROTOBUF_TYPE, ...(streams.response ? [RECORDIO_TYPE] : [])]);
  if (bodyType === undefined) {
    const allowed = `'${PROTOBUF_TYPE}' or '${JSON_TYPE}'${streams.response ? ` or '${RECORDIO_TYPE}'` : ''}`;
    return refused('not-acceptable', `Expecting 'Accept' to allow ${allowed}`);
  }
  if (isMediaType(bodyType)) {
    if (messageAccept === undefined) return taken(bodyType, false);
    return refused('not-acceptable', `Expecting '${MESSAGE_ACCEPT_HEADER}' to be not set for non-streaming responses`);
  }
  const mediaType = firstAcceptable(messageAccept, [JSON_TYPE, PROTOBUF_TYPE]);
  if (mediaType !== undefined) return taken(mediaType, true);
  return refused(
    'not-acceptable',
    `Expecting '${MESSAGE_ACCEPT_HEADER}' to allow '${PROTOBUF_TYPE}' or '${JSON_TYPE}'`,
  );
}

/** Headers that name the type of an answer. */
export const responseTypeHeaders = ({ mediaType, isRecordIo }: StreamedMediaType): Record<string, string> =>
  isRecordIo
    ? { 'Content-Type': RECORDIO_TYPE, [MESSAGE_CONTENT_TYPE_HEADER]: mediaType }
    : { 'Content-Type': mediaType };
