import { encodeProtobuf, messageTypes } from '@tranche/mesos-api';
import { validCall } from './valid-calls.mjs';

const STRINGS = [
  '',
  '*',
  '.',
  '..',
  '/',
  'a/b',
  '\u0000',
  'ü',
  '\ud800',
  '"',
  'x'.repeat(300),
  'true',
  '0',
  '-1',
  'Infinity',
  'NaN',
  '__proto__',
  'AAAA',
  '***',
];
const NUMBERS = [0, -0, 1, -1, 0.5, 1e-310, 1e300, -1e300, 2 ** 31, 2 ** 53, 2 ** 63, 2 ** 64, 9.3e9];
const OTHERS = [null, true, false, [], {}, [[]], [null], { value: {} }, { value: '' }];

/**
 * One call to send: a valid one of the frameworks that live, changed in its document, its bytes, its headers, or not at all.
 *
 * @returns {{ encoding: 'JSON' | 'protobuf', type: string, method: string, path: string, headers: Record<string, string>, body: Buffer }}
 */
export function mutatedCall(random, known) {
  const encoding = random.chance(0.5) ? 'JSON' : 'protobuf';
  const framework = random.pick(known.frameworks);
  const call = validCall(random, known, framework);
  for (let i = random.below(4); i > 0; i--) mutateDocument(random, call);
  let body = encoding === 'JSON' ? jsonBytes(random, call) : protobufBytes(call);
  if (random.chance(0.3)) body = mutateBytes(random, body);
  return { encoding, type: String(call.type), framework, body, ...mutatedEnvelope(random, encoding, call, framework) };
}

/** Changes one place anywhere in a document. */
function mutateDocument(random, root) {
  const places = [];
  collect(root, places, 0);
  if (places.length === 0) return;
  const [parent, key] = random.pick(places);
  switch (random.below(5)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return;
    case 1:
      if (Array.isArray(parent)) parent.push(structuredClone(parent[key]));
      else parent[`${String(key)}x`] = parent[key];
      return;
    case 2:
      [parent[key]] = [structuredClone(random.pick(places)[0])];
      return;
    default:
      parent[key] = randomValue(random, parent[key]);
  }
}

function collect(value, places, depth) {
  if (value === null || typeof value !== 'object' || depth > 12) return;
  for (const key of Object.keys(value)) {
    places.push([value, key]);
    collect(value[key], places, depth + 1);
  }
}

/** Mostly of the kind that was there: what is of another kind is refused early. */
function randomValue(random, value) {
  if (random.chance(0.7)) {
    if (typeof value === 'string') return random.pick(STRINGS);
    if (typeof value === 'number') return random.pick(NUMBERS);
    if (typeof value === 'boolean') return !value;
  }
  return structuredClone(random.pick([...STRINGS, ...NUMBERS, ...OTHERS]));
}

function jsonBytes(random, call) {
  const text = JSON.stringify(call);
  if (random.chance(0.02)) return Buffer.from(`${'['.repeat(5_000)}${text}`);
  return Buffer.from(text);
}

/** A document that is no message is left as far as it is one. */
function protobufBytes(call) {
  try {
    return Buffer.from(encodeProtobuf(messageTypes.SchedulerCall, call));
  } catch {
    return Buffer.from(encodeProtobuf(messageTypes.SchedulerCall, { type: 'REVIVE', framework_id: { value: 'x' } }));
  }
}

/** Flips, cuts, inserts, repeats. */
function mutateBytes(random, body) {
  const bytes = Buffer.from(body);
  const at = random.below(bytes.length + 1);
  switch (random.below(5)) {
    case 0:
      for (let i = random.below(8); i >= 0 && bytes.length > 0; i--)
        bytes[random.below(bytes.length)] ^= 1 << random.below(8);
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(Array.from({ length: 1 + random.below(16) }, () => random.below(256))),
        bytes.subarray(at),
      ]);
    case 3:
      return Buffer.concat([bytes, bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + random.below(16)))]);
  }
}

const CONTENT_TYPES = ['text/plain', 'application/json; charset=utf-8', 'application/json,application/json', ''];
const ACCEPTS = [
  '*/*',
  'application/json',
  'application/x-protobuf',
  'text/html',
  'application/json;q=0',
  ',;=',
  'a/b/c',
];
const PATHS = [
  '/master/api/v1/scheduler',
  '/api/v1/scheduler/',
  '/api/v1/scheduler/x?y=%00',
  '/api/v1/scheduler?jsonp=x',
];

function mutatedEnvelope(random, encoding, call, framework) {
  const right = encoding === 'JSON' ? 'application/json' : 'application/x-protobuf';
  const headers = {};
  const type = random.chance(0.04) ? random.pick(CONTENT_TYPES) : right;
  if (!random.chance(0.01)) headers['content-type'] = type;
  if (random.chance(0.1)) headers.accept = random.pick(ACCEPTS);
  if ((call.type !== 'SUBSCRIBE') !== random.chance(0.03))
    headers['mesos-stream-id'] = random.chance(0.03) ? 'stale' : framework.streamId;
  if (random.chance(0.02)) headers.authorization = 'Basic !!!';
  const method = random.chance(0.02) ? random.pick(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) : 'POST';
  const path = random.chance(0.05) ? random.pick(PATHS) : '/api/v1/scheduler';
  return { method, path, headers };
}
