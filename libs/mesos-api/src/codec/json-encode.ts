import type { ScalarType } from './descriptor.js';
import { jsonDouble } from './json-double.js';
import type { Document, FieldPlan, MessagePlan, ValuePlan } from './message-plan.js';
import { messagePlan } from './message-plan.js';
import type { MessageType } from './message-type.js';

type Write = (value: unknown) => string;

/**
 * Writes a v1 message as the JSON that Mesos writes: fields in declaration order, doubles with a fraction or an
 * exponent, defaults of unset fields that have an explicit one, infinite doubles as the bare word `Infinity`, characters
 * outside ASCII as UTF-8.
 *
 * @param type of {@link messageTypes}
 * @param document members that the message does not have are not printed
 * @source formats: protobuf ↔ JSON, output
 */
export function encodeJson<T>(type: MessageType<T>, document: T): string {
  return writerOf(messagePlan(type.name))(document);
}

/** Not ASCII: one UTF-16 unit, so that a character beyond the basic plane becomes a pair of escapes. */
const NOT_ASCII = /[\u0080-\uffff]/;
const NOT_ASCII_ALL = /[\u0080-\uffff]/g;

/**
 * As {@link encodeJson}, with `\uXXXX` for every character outside ASCII: the form of records of event streams, where
 * some clients count characters instead of bytes.
 */
export function encodeStreamJson<T>(type: MessageType<T>, document: T): string {
  const text = encodeJson(type, document);
  return NOT_ASCII.test(text) ? text.replace(NOT_ASCII_ALL, unicodeEscape) : text;
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

// oxlint-disable-next-line no-control-regex -- control characters are what has to be escaped
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A JSON string. */
export function jsonString(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text).replace(/\\u00[01][a-f]/g, upperCaseDigits) : `"${text}"`;
}

/** `JSON.stringify` writes `\u001f`, Mesos `\u001F`. */
function upperCaseDigits(escape: string): string {
  return `\\u${escape.slice(2).toUpperCase()}`;
}

const SCALARS: Readonly<Record<ScalarType, Write>> = {
  string: (value) => jsonString(value as string),
  bytes: (value) => jsonString(value as string),
  bool: String,
  double: jsonDouble,
  int32: String,
  uint32: String,
  int64: String,
  uint64: String,
};

/**
 * Lists that are printed even when they are empty. Mesos builds these messages field by field instead of from the
 * protobuf message.
 *
 * @source operator API: JSON output note
 */
const ALWAYS_PRINTED: Readonly<Record<string, readonly string[]>> = {
  MasterResponseGetAgents: ['agents', 'recovered_agents'],
  MasterResponseGetExecutors: ['executors'],
  MasterResponseGetFrameworks: ['frameworks', 'completed_frameworks'],
  MasterResponseGetTasks: ['tasks', 'unreachable_tasks', 'completed_tasks'],
  MasterResponseGetMetrics: ['metrics'],
  AgentResponseGetExecutors: ['executors', 'completed_executors'],
  AgentResponseGetFrameworks: ['frameworks', 'completed_frameworks'],
  AgentResponseGetTasks: ['pending_tasks', 'queued_tasks', 'launched_tasks', 'terminated_tasks', 'completed_tasks'],
  AgentResponseGetMetrics: ['metrics'],
};

/** Writers are built once a message type, when it is first written. */
const writers = new Map<MessagePlan, Write>();

function writerOf(plan: MessagePlan): Write {
  let writer = writers.get(plan);
  if (writer === undefined) {
    writer = messageWriter(plan);
    writers.set(plan, writer);
  }
  return writer;
}

interface FieldWriter {
  readonly name: string;
  /** Key, colon, and the brace or comma before them. */
  readonly opening: string;
  readonly following: string;
  readonly write: Write;
  /** What stands for an unset field, an empty list or an empty map: a default, `[]`, or no text for leaving it out. */
  readonly fallback: string;
}

function messageWriter(plan: MessagePlan): Write {
  let fields: readonly FieldWriter[] | undefined;
  return (document) => {
    fields ??= plan.fields.map((field) => fieldWriter(field, ALWAYS_PRINTED[plan.name]?.includes(field.name) ?? false)); // Late, because messages contain themselves.
    let text = '';
    for (const field of fields) {
      const value = (document as Document)[field.name];
      let body = value === undefined || value === null ? '' : field.write(value);
      if (body === '') body = field.fallback;
      if (body !== '') text += (text === '' ? field.opening : field.following) + body;
    }
    return text === '' ? '{}' : `${text}}`;
  };
}

function fieldWriter(field: FieldPlan, isAlwaysPrinted: boolean): FieldWriter {
  const write = valueWriter(field.value);
  const isFlat = field.rule === 'optional' || field.rule === 'required';
  return {
    name: field.name,
    opening: `{"${field.name}":`,
    following: `,"${field.name}":`,
    write: isFlat ? write : field.rule === 'map' ? mapWriter(write) : listWriter(write),
    fallback: isAlwaysPrinted ? '[]' : field.printedDefault === undefined ? '' : write(field.printedDefault),
  };
}

function valueWriter(plan: ValuePlan): Write {
  if (plan.kind === 'message') return writerOf(plan.message);
  return plan.kind === 'enum' ? SCALARS.string : SCALARS[plan.scalar];
}

/** Empty lists and maps are not printed: the writer yields no text for them. */
function listWriter(write: Write): Write {
  return (value) => {
    let text = '';
    for (const item of value as unknown[]) text += (text === '' ? '[' : ',') + write(item);
    return text === '' ? '' : `${text}]`;
  };
}

function mapWriter(write: Write): Write {
  return (value) => {
    let text = '';
    for (const [key, item] of Object.entries(value as Document)) {
      text += `${text === '' ? '{' : ','}${jsonString(key)}:${write(item)}`;
    }
    return text === '' ? '' : `${text}}`;
  };
}
