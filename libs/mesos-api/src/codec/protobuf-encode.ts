import protobuf from 'protobufjs/minimal.js';
import type { Double } from '../scalars.js';
import { doubleToNumber } from '../scalars.js';
import type { ScalarType } from './descriptor.js';
import type { Document, FieldPlan, MessagePlan } from './message-plan.js';
import { messagePlan } from './message-plan.js';
import type { MessageType } from './message-type.js';
import { missingFields } from './required-fields.js';

type Writer = protobuf.Writer;

/** A document without its required fields was to be written: a defect of the caller. */
export class MissingFieldsError extends Error {
  readonly code = 'mesos-api/missing-required-fields';
  /** Paths of what is missing: `update.status.task_id`. */
  readonly fields: readonly string[];

  constructor(message: string, fields: readonly string[]) {
    super(`${message} lacks required fields: ${fields.join(', ')}`);
    this.name = 'MissingFieldsError';
    this.fields = fields;
  }
}

/** Tag and value of a scalar. */
const WRITE: Readonly<Record<ScalarType, (writer: Writer, id: number, value: unknown) => void>> = {
  string: (writer, id, value) => writer.uint32((id << 3) | 2).string(value as string),
  bytes: (writer, id, value) => writer.uint32((id << 3) | 2).bytes(Buffer.from(value as string, 'base64')),
  bool: (writer, id, value) => writer.uint32(id << 3).bool(value as boolean),
  double: (writer, id, value) => writer.uint32((id << 3) | 1).double(doubleToNumber(value as Double)),
  int32: (writer, id, value) => writer.uint32(id << 3).int32(value as number),
  uint32: (writer, id, value) => writer.uint32(id << 3).uint32(value as number),
  int64: (writer, id, value) => writer.uint32(id << 3).int64(value as number | string),
  uint64: (writer, id, value) => writer.uint32(id << 3).uint64(value as number | string),
};

/** Fields in the order of the wire, by number; sorted once a message type. */
const wireOrder = new Map<MessagePlan, readonly FieldPlan[]>();

/**
 * Writes a v1 message in its proto2 binary form: fields by number, lists unpacked.
 *
 * @param type of {@link messageTypes}
 * @param document members that the message does not have, and enum names that it does not know, are not written
 * @throws MissingFieldsError when required fields are absent, at any depth
 */
export function encodeProtobuf<T>(type: MessageType<T>, document: T): Buffer {
  const plan = messagePlan(type.name);
  const missing = missingFields(plan, document as Document);
  if (missing.length > 0) throw new MissingFieldsError(plan.name, missing);
  const writer = protobuf.Writer.create();
  writeMessage(writer, plan, document as Document);
  const bytes = writer.finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeMessage(writer: Writer, plan: MessagePlan, document: Document): void {
  for (const field of fieldsByNumber(plan)) {
    const value = document[field.name];
    if (value === undefined || value === null) continue;
    if (field.rule === 'repeated') for (const item of value as unknown[]) writeValue(writer, field, field.id, item);
    else if (field.rule === 'map') writeMap(writer, field, value as Document);
    else writeValue(writer, field, field.id, value);
  }
}

function fieldsByNumber(plan: MessagePlan): readonly FieldPlan[] {
  let fields = wireOrder.get(plan);
  if (fields === undefined) {
    fields = plan.fields.toSorted((a, b) => a.id - b.id);
    wireOrder.set(plan, fields);
  }
  return fields;
}

function writeMap(writer: Writer, field: FieldPlan, map: Document): void {
  for (const [key, value] of Object.entries(map)) {
    writer.uint32((field.id << 3) | 2).fork();
    writer.uint32((1 << 3) | 2).string(key);
    writeValue(writer, field, 2, value);
    writer.ldelim();
  }
}

function writeValue(writer: Writer, field: FieldPlan, id: number, value: unknown): void {
  const plan = field.value;
  if (plan.kind === 'scalar') {
    WRITE[plan.scalar](writer, id, value);
  } else if (plan.kind === 'enum') {
    const number = plan.numbers.get(value as string);
    if (number !== undefined) writer.uint32(id << 3).int32(number);
  } else {
    writer.uint32((id << 3) | 2).fork();
    writeMessage(writer, plan.message, value as Document);
    writer.ldelim();
  }
}
