import protobuf from 'protobufjs/minimal.js';
import type { Int64 } from '../scalars.js';
import { numberToDouble } from '../scalars.js';
import type { ScalarType } from './descriptor.js';
import type { Decoded } from './json-decode.js';
import type { Document, FieldPlan, MessagePlan } from './message-plan.js';
import { messagePlan } from './message-plan.js';
import type { MessageType } from './message-type.js';
import { missingFields } from './required-fields.js';

type Reader = protobuf.Reader;

/** Messages nested deeper than this are refused, as in protobuf's own parsers. */
const MAX_DEPTH = 100;

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;

/** Scalar type → its wire type; enums are varints, messages and maps delimited. */
const WIRE_TYPES: Readonly<Record<ScalarType, number>> = {
  string: DELIMITED,
  bytes: DELIMITED,
  bool: VARINT,
  double: FIXED64,
  int32: VARINT,
  uint32: VARINT,
  int64: VARINT,
  uint64: VARINT,
};

const READ: Readonly<Record<ScalarType, (reader: Reader) => unknown>> = {
  string: (reader) => reader.string(),
  bytes: (reader) => Buffer.from(reader.bytes()).toString('base64'),
  bool: (reader) => reader.bool(),
  double: (reader) => numberToDouble(reader.double()),
  int32: (reader) => reader.int32(),
  uint32: (reader) => reader.uint32(),
  int64: (reader) => int64(reader.int64()),
  uint64: (reader) => int64(reader.uint64()),
};

/** 2^32 */
const HIGH_WORD = 4_294_967_296;

function int64(long: protobuf.Long): Int64 {
  const high = long.unsigned ? long.high >>> 0 : long.high;
  const low = long.low >>> 0;
  const number = high * HIGH_WORD + low;
  return Number.isSafeInteger(number) ? number : ((BigInt(high) << 32n) | BigInt(low)).toString();
}

/** Values of scalars that a map entry leaves out; v1 maps hold strings and messages. */
const ZERO: Readonly<Partial<Record<ScalarType, unknown>>> = { string: '', bytes: '' };

/**
 * Reads a v1 message from its proto2 binary form. Unknown fields are skipped and unknown enum numbers dropped.
 *
 * @param type of {@link messageTypes}
 * @returns the JSON-safe document, equal to what {@link decodeJson} yields for the same message; or Mesos' text
 *   `Failed to parse body into <message> protobuf` for bytes that are malformed or lack required fields
 */
export function decodeProtobuf<T>(type: MessageType<T>, bytes: Uint8Array): Decoded<T> {
  const plan = messagePlan(type.name);
  const failure = { ok: false, error: `Failed to parse body into ${plan.shortName} protobuf` } as const;
  let document: Document;
  try {
    document = readMessage(protobuf.Reader.create(bytes), bytes.length, plan, {}, 1);
  } catch {
    return failure; // The reader throws for malformed bytes only, and plain errors at that.
  }
  return missingFields(plan, document).length === 0 ? { ok: true, value: document as T } : failure;
}

/** Reads fields up to `end` into a document, which may hold an earlier occurrence of the same message. */
function readMessage(reader: Reader, end: number, plan: MessagePlan, document: Document, depth: number): Document {
  if (depth > MAX_DEPTH) throw new RangeError('messages nested too deeply');
  while (reader.pos < end) {
    const tag = reader.tag();
    const field = plan.byId.get(tag >>> 3);
    if (field === undefined || !readField(reader, tag & 7, field, document, depth)) {
      reader.skipType(tag & 7, 0, tag >>> 3);
    }
  }
  if (reader.pos !== end) throw new RangeError('a field runs past the end of its message');
  return document;
}

/** @returns false when the wire type is not the field's: then it counts as unknown */
function readField(reader: Reader, wireType: number, field: FieldPlan, document: Document, depth: number): boolean {
  const expected = field.value.kind === 'scalar' ? WIRE_TYPES[field.value.scalar] : wireTypeOf(field);
  const isPacked = field.rule === 'repeated' && expected !== DELIMITED && wireType === DELIMITED;
  if (wireType !== expected && !isPacked) return false;
  if (isPacked) {
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) addItem(document, field, readValue(reader, field, undefined, depth));
    return true;
  }
  if (field.rule === 'map') {
    readEntry(reader, field, document, depth);
    return true;
  }
  const previous = field.rule === 'repeated' ? undefined : document[field.name];
  const value = readValue(reader, field, previous, depth);
  if (value === undefined) return true;
  if (field.rule === 'repeated') {
    addItem(document, field, value);
    return true;
  }
  document[field.name] = value;
  for (const rival of field.rivals) delete document[rival];
  return true;
}

function wireTypeOf(field: FieldPlan): number {
  return field.value.kind === 'enum' ? VARINT : DELIMITED;
}

function addItem(document: Document, field: FieldPlan, value: unknown): void {
  if (value === undefined) return;
  const items = document[field.name] as unknown[] | undefined;
  if (items === undefined) document[field.name] = [value];
  else items.push(value);
}

/** @param previous an earlier occurrence of a singular message, which the new one is merged into */
function readValue(reader: Reader, field: FieldPlan, previous: unknown, depth: number): unknown {
  const plan = field.value;
  if (plan.kind === 'scalar') return READ[plan.scalar](reader);
  if (plan.kind === 'enum') return plan.names.get(reader.int32());
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('a message runs past the end of the bytes');
  return readMessage(reader, end, plan.message, (previous as Document | undefined) ?? {}, depth + 1);
}

/** A map entry is a message of key 1 and value 2, both of which may be absent. */
function readEntry(reader: Reader, field: FieldPlan, document: Document, depth: number): void {
  const end = reader.uint32() + reader.pos;
  let key = '';
  let value: unknown = field.value.kind === 'scalar' ? ZERO[field.value.scalar] : {};
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === ((1 << 3) | DELIMITED)) key = reader.string();
    else if (tag === ((2 << 3) | DELIMITED)) value = readValue(reader, field, undefined, depth);
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  if (reader.pos !== end) throw new RangeError('a field runs past the end of its map entry');
  const entries = Object.entries((document[field.name] as Document | undefined) ?? {});
  // Not by assignment: `__proto__` is a key like any other here.
  document[field.name] = Object.fromEntries([...entries, [key, value]]);
}
