import { describe, expect, it } from 'vitest';
import { httpError } from './http-error.js';
import { agentRequestType, agentResponseType, responseTypeHeaders, streamMismatch } from './stream-negotiation.js';

const JSON = 'application/json';
const PROTOBUF = 'application/x-protobuf';
const RECORDIO = 'application/recordio';

type Outcome = ReturnType<typeof agentRequestType>;
const seen = (outcome: Outcome) =>
  outcome.ok
    ? `${outcome.type.isRecordIo ? 'records of ' : ''}${outcome.type.mediaType}`
    : `${httpError(outcome.refusal).status} ${httpError(outcome.refusal).body}`;

const NOT_SET = "415 Expecting 'Message-Content-Type' to be not set for non-streaming requests";
const UNKNOWN_RECORDS = "415 Expecting 'Message-Content-Type' of application/json or application/x-protobuf";

describe('the type of a request to an agent', () => {
  it.each([
    [JSON, undefined, JSON],
    [PROTOBUF, undefined, PROTOBUF],
    [JSON, JSON, NOT_SET],
    [PROTOBUF, 'text/plain', NOT_SET],
    [RECORDIO, JSON, `records of ${JSON}`],
    [RECORDIO, PROTOBUF, `records of ${PROTOBUF}`],
    [RECORDIO, undefined, "400 Expecting 'Message-Content-Type' to be set for streaming requests"],
    [RECORDIO, RECORDIO, UNKNOWN_RECORDS],
    [RECORDIO, 'Application/JSON', UNKNOWN_RECORDS],
    [RECORDIO, '', UNKNOWN_RECORDS],
    [undefined, JSON, "400 Expecting 'Content-Type' to be present"],
    [
      'text/plain',
      JSON,
      "415 Expecting 'Content-Type' of application/json or application/x-protobuf or application/recordio",
    ],
  ])('%j with records %j: %s', (contentType, messageContentType, expected) => {
    expect(seen(agentRequestType(contentType, messageContentType))).toBe(expected);
  });

  it.each([
    ['GET_HEALTH', {}, false, undefined],
    ['GET_HEALTH', {}, true, "Streaming 'Content-Type' application/recordio is not supported for GET_HEALTH call"],
    ['ATTACH_CONTAINER_INPUT', { request: true }, true, undefined],
    [
      'ATTACH_CONTAINER_INPUT',
      { request: true },
      false,
      "Expecting 'Content-Type' to be application/recordio for ATTACH_CONTAINER_INPUT call",
    ],
    ['ATTACH_CONTAINER_OUTPUT', { response: true }, false, undefined],
  ] as const)('%s (%j) in records (%s): %s', (call, streams, isRecordIo, message) => {
    const refusal = streamMismatch(call, streams, { mediaType: JSON, isRecordIo });
    expect(refusal).toEqual(message === undefined ? undefined : { kind: 'unsupported-media-type', message });
  });
});

describe('the type of an answer of an agent', () => {
  const ONE = "406 Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'";
  const STREAM = `${ONE} or 'application/recordio'`;
  const RECORDS = "406 Expecting 'Message-Accept' to allow 'application/x-protobuf' or 'application/json'";
  const PLAIN = "406 Expecting 'Message-Accept' to be not set for non-streaming responses";
  it.each([
    [undefined, undefined, false, JSON],
    [undefined, undefined, true, JSON],
    ['*/*', undefined, true, JSON],
    [`${RECORDIO}, ${PROTOBUF}`, undefined, true, PROTOBUF],
    [RECORDIO, undefined, false, ONE],
    [RECORDIO, undefined, true, `records of ${JSON}`],
    [RECORDIO, '*/*', true, `records of ${JSON}`],
    [RECORDIO, `${PROTOBUF};q=0.5`, true, `records of ${PROTOBUF}`],
    [RECORDIO, `${JSON};q=0, ${PROTOBUF}`, true, `records of ${PROTOBUF}`],
    [RECORDIO, RECORDIO, true, RECORDS],
    [RECORDIO, '', true, RECORDS],
    [JSON, JSON, true, PLAIN],
    [undefined, JSON, true, PLAIN],
    ['*/*', PROTOBUF, false, PLAIN],
    ['text/html', undefined, false, ONE],
    ['text/html', JSON, true, STREAM],
  ])('%j with records %j, streamed (%s): %s', (accept, messageAccept, response, expected) => {
    expect(seen(agentResponseType(accept, messageAccept, { response }))).toBe(expected);
  });

  it('is named in the headers, that of the records too', () => {
    expect(responseTypeHeaders({ mediaType: JSON, isRecordIo: false })).toEqual({ 'Content-Type': JSON });
    expect(responseTypeHeaders({ mediaType: PROTOBUF, isRecordIo: true })).toEqual({
      'Content-Type': RECORDIO,
      'Message-Content-Type': PROTOBUF,
    });
  });
});
