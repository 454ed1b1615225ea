import { bigIntToInt64, numberToDouble } from '../scalars.js';
import type { ScalarType } from './descriptor.js';
import { jsonSyntaxError, parseJson, quoteInfinity } from './json-syntax.js';
import type { Document, FieldPlan, MessagePlan, ValuePlan } from './message-plan.js';
import { messagePlan } from './message-plan.js';
import type { MessageType } from './message-type.js';
import { missingFields } from './required-fields.js';

/** A document, or why the text is none; the text of the error is what Mesos answers with. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** Cheap test for what {@link quoteInfinity} may have to do. */
const BARE_WORD = /Infinity|NaN/;

/** JSON nested deeper than this is refused, so that no input exhausts the stack. */
const MAX_DEPTH = 200;

/** Value that fits no field: becomes `Failed to convert JSON into … protobuf: <message>`. */
class JsonMismatch extends Error {}

/**
 * Reads a v1 message from JSON as Mesos does: unknown keys are ignored, `null` is unset, one value stands for a list of
 * one, numbers and booleans may be strings, names of enums that are not known are dropped.
 *
 * @param type of {@link messageTypes}
 * @param body UTF-8 JSON text
 * @param options.bareInfinity reads what servers print: `Infinity` as a bare word. Servers themselves refuse it
 * @returns the document, with all required fields; or the text of Mesos' 400 answer
 * @source formats: protobuf ↔ JSON, input
 */
export function decodeJson<T>(
  type: MessageType<T>,
  body: Buffer | string,
  options: { readonly bareInfinity?: boolean } = {},
): Decoded<T> {
  const raw = typeof body === 'string' ? body : body.toString('utf8');
  const text = options.bareInfinity === true && BARE_WORD.test(raw) ? quoteInfinity(raw) : raw;
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, error: `Failed to parse body into JSON: ${jsonSyntaxError(text)}` };
  }
  const converted = convertJson(type, json);
  if (converted.ok) return converted;
  const { shortName } = messagePlan(type.name);
  return { ok: false, error: `Failed to convert JSON into ${shortName} protobuf: ${converted.error}` };
}

/**
 * Reads a v1 message from parsed JSON.
 *
 * @param json a value as from `JSON.parse`
 * @returns the document, or why not: `Missing required fields: a.b, c`
 */
export function convertJson<T>(type: MessageType<T>, json: unknown): Decoded<T> {
  if (!isObject(json)) return { ok: false, error: 'Expecting a JSON object' };
  const plan = messagePlan(type.name);
  try {
    const reader = new Reader(Object.keys);
    const document = reader.message(plan, json, 1);
    if (!reader.incomplete) return { ok: true, value: document as T };
    return { ok: false, error: `Missing required fields: ${missingFields(plan, document).join(', ')}` };
  } catch (error) {
    if (!(error instanceof JsonMismatch)) throw error;
    return { ok: false, error: firstMismatch(plan, json) };
  }
}

/** Of several mismatches Mesos names the one under the smallest key, because it keeps objects sorted by key. */
function firstMismatch(plan: MessagePlan, json: Document): string {
  try {
    new Reader((object) => Object.keys(object).toSorted()).message(plan, json, 1);
  } catch (error) {
    if (error instanceof JsonMismatch) return error.message;
    throw error;
  }
  throw new Error('a value fits in one order of keys but not in another');
}

/** Turns JSON values into documents, following plans. */
class Reader {
  /** A message without one of its required fields was met. */
  incomplete = false;

  constructor(private readonly keysOf: (object: Document) => string[]) {}

  message(plan: MessagePlan, json: Document, depth: number): Document {
    if (depth > MAX_DEPTH) throw new JsonMismatch(`Messages nested deeper than ${MAX_DEPTH}`);
    const document: Document = {};
    for (const key of this.keysOf(json)) {
      const field = plan.byName.get(key);
      if (field === undefined) continue;
      const value = this.field(field, json[key], depth);
      if (value === undefined) continue;
      document[key] = value;
      for (const rival of field.rivals) delete document[rival];
    }
    for (const field of plan.required) if (document[field.name] === undefined) this.incomplete = true;
    return document;
  }

  /** Value of a field; undefined when it stays unset. */
  private field(field: FieldPlan, json: unknown, depth: number): unknown {
    if (json === null) return undefined;
    if (field.rule === 'repeated') {
      const items: unknown[] = [];
      this.addItems(field, json, items, depth);
      return items.length > 0 ? items : undefined;
    }
    if (field.rule === 'map') return this.map(field, json, depth);
    if (Array.isArray(json)) throw unexpected('array', field);
    return this.value(field, json, depth);
  }

  private addItems(field: FieldPlan, json: unknown, items: unknown[], depth: number): void {
    if (depth > MAX_DEPTH) throw new JsonMismatch(`Messages nested deeper than ${MAX_DEPTH}`);
    if (Array.isArray(json)) {
      for (const item of json) this.addItems(field, item, items, depth + 1);
    } else if (json !== null) {
      const value = this.value(field, json, depth);
      if (value !== undefined) items.push(value);
    }
  }

  private map(field: FieldPlan, json: unknown, depth: number): Document | undefined {
    const entries: [string, unknown][] = [];
    for (const object of Array.isArray(json) ? json : [json]) {
      if (!isObject(object)) throw unexpected(jsonKind(object), field);
      for (const key of this.keysOf(object)) {
        if (object[key] === null) continue;
        if (Array.isArray(object[key])) throw new JsonMismatch("Not expecting a JSON array for field 'value'");
        // Mesos names the value's field, not the map's, when a value does not fit.
        entries.push([key, this.value({ ...field, name: 'value' }, object[key], depth)]);
      }
    }
    // Not by assignment: `__proto__` is a key like any other here.
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }

  private value(field: FieldPlan, json: unknown, depth: number): unknown {
    const plan: ValuePlan = field.value;
    if (plan.kind === 'message') {
      if (!isObject(json)) throw unexpected(jsonKind(json), field);
      return this.message(plan.message, json, depth + 1);
    }
    if (plan.kind === 'scalar') return scalar(plan.scalar, field, json);
    if (typeof json !== 'string') throw unexpected(jsonKind(json), field);
    if (plan.numbers.has(json)) return json;
    if (field.rule === 'required') throw new JsonMismatch(`Failed to find enum for '${json}'`);
    return undefined;
  }
}

function scalar(type: ScalarType, field: FieldPlan, json: unknown): unknown {
  switch (type) {
    case 'string':
      if (typeof json === 'string') return json;
      break;
    case 'bytes':
      if (typeof json === 'string') return base64(field, json);
      break;
    case 'bool':
      if (typeof json === 'boolean') return json;
      if (typeof json === 'string') return parsed(field, json, 'boolean');
      break;
    default:
      return number(type, field, json);
  }
  throw unexpected(jsonKind(json), field);
}

function number(type: ScalarType, field: FieldPlan, json: unknown): unknown {
  if (typeof json === 'number' || typeof json === 'bigint') return NUMBERS[type]?.(json);
  if (typeof json !== 'string') throw unexpected(jsonKind(json), field);
  if (type === 'double' && NOT_FINITE.has(json)) return json;
  return NUMBERS[type]?.(parsed(field, json, 'number') as number | bigint);
}

const NOT_FINITE: ReadonlySet<string> = new Set(['Infinity', '-Infinity', 'NaN']);

/** JSON number → JSON-safe value; integers are truncated and wrapped as C++ casts do. */
const NUMBERS: Readonly<Partial<Record<ScalarType, (value: number | bigint) => unknown>>> = {
  double: (value) => numberToDouble(Number(value)),
  int32: (value) => (typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : value | 0),
  uint32: (value) => (typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : value >>> 0),
  int64: (value) => {
    const whole = typeof value === 'bigint' ? value : Math.trunc(value) + 0;
    return Number.isSafeInteger(whole) ? whole : bigIntToInt64(BigInt.asIntN(64, toBigInt(whole)));
  },
  uint64: (value) => {
    const whole = typeof value === 'bigint' ? value : Math.trunc(value) + 0;
    return Number.isSafeInteger(whole) && whole >= 0 ? whole : bigIntToInt64(BigInt.asUintN(64, toBigInt(whole)));
  },
};

function toBigInt(value: number | bigint): bigint {
  return typeof value === 'bigint' || Number.isFinite(value) ? BigInt(value) : 0n;
}

/** A number or boolean that was written as a string. */
function parsed(field: FieldPlan, text: string, kind: 'number' | 'boolean'): unknown {
  const failure = `Failed to parse '${text}' as a JSON ${kind} for field '${field.name}'`;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new JsonMismatch(`${failure}: ${jsonSyntaxError(text)}`);
  }
  if (jsonKind(value) !== kind) throw new JsonMismatch(`${failure}: Unexpected JSON type parsed`);
  return value;
}

const FULL_GROUPS = /^(?:[A-Za-z0-9+/]{4})*$/;

/** Canonical base64 of a text in base64, which may lack padding; what follows the first `=` does not count. */
function base64(field: FieldPlan, text: string): string {
  if (FULL_GROUPS.test(text)) return text;
  const digits = text.split('=', 1)[0] ?? '';
  const wrong = /[^A-Za-z0-9+/]/u.exec(digits);
  if (wrong === null) return Buffer.from(digits, 'base64').toString('base64');
  throw new JsonMismatch(`Failed to base64 decode bytes field '${field.name}': Invalid character '${wrong[0]}'`);
}

function isObject(json: unknown): json is Document {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function jsonKind(json: unknown): string {
  if (json === null) return 'null';
  if (Array.isArray(json)) return 'array';
  return typeof json === 'bigint' ? 'number' : typeof json;
}

function unexpected(kind: string, field: FieldPlan): JsonMismatch {
  return new JsonMismatch(`Not expecting a JSON ${kind} for field '${field.name}'`);
}
