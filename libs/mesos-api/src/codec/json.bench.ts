import { readFileSync } from 'node:fs';
import { Bench } from 'tinybench';
import type { SchedulerEvent } from '../generated/scheduler.js';
import { encodeRecord } from '../record-io.js';
import { decodeJson } from './json-decode.js';
import { encodeJson, encodeStreamJson } from './json-encode.js';
import { messageTypes } from './message-type.js';
import { decodeProtobuf } from './protobuf-decode.js';
import { encodeProtobuf } from './protobuf-encode.js';

/**
 * Cost of the codecs on recorded documents: an offer, a status update, an ACCEPT of four tasks. `JSON.stringify` and
 * `JSON.parse` of the same text show how far there is to go.
 *
 *     node libs/mesos-api/dist/codec/json.bench.js
 */
const lines = (name: string): string[] =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

function recorded(name: string, part: string): string {
  const line = lines(name).find((text) => text.includes(part));
  if (line === undefined) throw new Error(`${name} has no record with ${part}`);
  return line;
}

function event(part: string): SchedulerEvent {
  const decoded = decodeJson(messageTypes.SchedulerEvent, recorded('scheduler-events.jsonl', part));
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.value;
}

const offers = event('"type":"OFFERS"');
const update = event('"TASK_RUNNING"');
const accept = recorded('scheduler-calls.jsonl', '"Task 3"');
const acceptBytes = Buffer.from(accept);
const offersBytes = encodeProtobuf(messageTypes.SchedulerEvent, offers);

const bench = new Bench({ time: 500, warmupTime: 200 })
  .add('offer → JSON', () => encodeJson(messageTypes.SchedulerEvent, offers))
  .add('offer → JSON.stringify', () => JSON.stringify(offers))
  .add('offer → record of a stream', () => encodeRecord(encodeStreamJson(messageTypes.SchedulerEvent, offers)))
  .add('status update → JSON', () => encodeJson(messageTypes.SchedulerEvent, update))
  .add('ACCEPT of 4 tasks ← JSON', () => decodeJson(messageTypes.SchedulerCall, acceptBytes))
  .add('ACCEPT of 4 tasks ← JSON.parse', () => JSON.parse(acceptBytes.toString()))
  .add('offer → protobuf', () => encodeProtobuf(messageTypes.SchedulerEvent, offers))
  .add('offer ← protobuf', () => decodeProtobuf(messageTypes.SchedulerEvent, offersBytes));

await bench.run();
for (const task of bench.tasks) {
  const { result } = task;
  if (!('throughput' in result)) continue;
  const perSecond = Math.round(result.throughput.mean).toLocaleString('en-GB');
  process.stdout.write(
    `${task.name.padEnd(34)} ${perSecond.padStart(12)} ops/s ${(1e3 * result.latency.p50).toFixed(2).padStart(8)} µs\n`,
  );
}
