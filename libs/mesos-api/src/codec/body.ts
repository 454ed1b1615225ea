import type { MediaType } from '../content-negotiation.js';
import type { Decoded } from './json-decode.js';
import { decodeJson } from './json-decode.js';
import { encodeJson, encodeStreamJson } from './json-encode.js';
import type { MessageType } from './message-type.js';
import { decodeProtobuf } from './protobuf-decode.js';
import { encodeProtobuf } from './protobuf-encode.js';

/** Reads a request's body in the negotiated type. */
export function decodeBody<T>(type: MessageType<T>, mediaType: MediaType, body: Buffer): Decoded<T> {
  return mediaType === 'application/json' ? decodeJson(type, body) : decodeProtobuf(type, body);
}

/** Writes a response's body in the negotiated type. */
export function encodeBody<T>(type: MessageType<T>, mediaType: MediaType, document: T): Buffer {
  return mediaType === 'application/json' ? Buffer.from(encodeJson(type, document)) : encodeProtobuf(type, document);
}

/** Writes one event of a stream in the negotiated type, without the framing of RecordIO. */
export function encodeEvent<T>(type: MessageType<T>, mediaType: MediaType, document: T): Buffer {
  return mediaType === 'application/json'
    ? Buffer.from(encodeStreamJson(type, document), 'latin1')
    : encodeProtobuf(type, document);
}
