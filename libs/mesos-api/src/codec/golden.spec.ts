import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MessageMap } from '../generated/message-map.js';
import { encodeRecord, RecordDecoder } from '../record-io.js';
import { decodeJson } from './json-decode.js';
import { encodeJson, encodeStreamJson } from './json-encode.js';
import { messageTypes } from './message-type.js';
import { decodeProtobuf } from './protobuf-decode.js';
import { encodeProtobuf } from './protobuf-encode.js';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const lines = (name: string): string[] => fixture(name).trimEnd().split('\n');

/** What reading and writing again makes of a text. */
function rewritten(name: keyof MessageMap, text: string, encode = encodeJson<unknown>): string {
  const decoded = decodeJson<unknown>(messageTypes[name], text);
  return decoded.ok ? encode(messageTypes[name], decoded.value) : decoded.error;
}

describe('recorded exchanges with Mesos', () => {
  it.each([
    ['SchedulerEvent', 'scheduler-events.jsonl'],
    ['SchedulerCall', 'scheduler-calls.jsonl'],
    ['ExecutorEvent', 'executor-events.jsonl'],
    ['MasterResponse', 'operator-responses.jsonl'],
  ] as const)('%s: every line of %s is written as it was read', (name, file) => {
    const recorded = lines(file);
    expect(recorded.length).toBeGreaterThan(5);
    expect(recorded.map((line) => rewritten(name, line))).toEqual(recorded);
  });

  it('events of a stream are the same in stream form while they are ASCII', () => {
    const recorded = lines('scheduler-events.jsonl');
    expect(recorded.map((line) => rewritten('SchedulerEvent', line, encodeStreamJson))).toEqual(recorded);
  });

  it('a stream in protobuf is written as it was read, framing included', () => {
    const stream = Buffer.from(fixture('scheduler-stream.protobuf.base64'), 'base64');
    const records = new RecordDecoder().push(stream);
    const rewrittenRecords = records.map((record) => {
      const decoded = decodeProtobuf(messageTypes.SchedulerEvent, record);
      if (!decoded.ok) throw new Error(decoded.error);
      return encodeRecord(encodeProtobuf(messageTypes.SchedulerEvent, decoded.value));
    });
    expect(records).toHaveLength(3);
    expect(Buffer.concat(rewrittenRecords)).toEqual(stream);
  });

  it('an event is the same document in JSON and in protobuf', () => {
    for (const line of lines('scheduler-events.jsonl')) {
      const json = decodeJson(messageTypes.SchedulerEvent, line);
      if (!json.ok) throw new Error(json.error);
      const bytes = encodeProtobuf(messageTypes.SchedulerEvent, json.value);
      expect(decodeProtobuf(messageTypes.SchedulerEvent, bytes)).toEqual(json);
    }
  });
});
