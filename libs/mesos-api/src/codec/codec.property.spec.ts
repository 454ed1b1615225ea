import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { MessageMap } from '../generated/message-map.js';
import { MESSAGE_DESCRIPTORS } from '../generated/descriptor.js';
import { bigIntToInt64, numberToDouble } from '../scalars.js';
import type { ScalarType } from './descriptor.js';
import { decodeJson } from './json-decode.js';
import { encodeJson, encodeStreamJson } from './json-encode.js';
import type { Document, FieldPlan, MessagePlan } from './message-plan.js';
import { messagePlan } from './message-plan.js';
import { messageTypes } from './message-type.js';
import { decodeProtobuf } from './protobuf-decode.js';
import { encodeProtobuf } from './protobuf-encode.js';

const NAMES = [
  'SchedulerCall',
  'SchedulerEvent',
  'ExecutorCall',
  'ExecutorEvent',
  'MasterCall',
  'MasterResponse',
  'MasterEvent',
  'AgentCall',
  'AgentResponse',
] as const satisfies (keyof MessageMap)[];

const text = fc.string({ unit: 'binary', maxLength: 6 });
const VALUES: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  string: text,
  bytes: fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  bool: fc.boolean(),
  double: fc.double({ noNaN: true }).map(numberToDouble),
  int32: fc.integer(),
  uint32: fc.nat(),
  int64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(bigIntToInt64),
  uint64: fc.bigInt(0n, 2n ** 64n - 1n).map(bigIntToInt64),
};

type Draw = <T>(arbitrary: fc.Arbitrary<T>) => T;

/** Optional fields that a document may still get: keeps the size of documents within bounds. */
interface Budget {
  fields: number;
}

/** A document of a message: required fields always, of the others a few. */
function build(plan: MessagePlan, draw: Draw, budget: Budget): Document {
  const document: Document = {};
  for (const field of plan.fields) {
    if (field.rivals.some((rival) => document[rival] !== undefined)) continue;
    if (field.rule !== 'required' && !isWanted(draw, budget)) continue;
    document[field.name] = fieldValue(field, draw, budget);
  }
  return document;
}

function isWanted(draw: Draw, budget: Budget): boolean {
  if (budget.fields === 0 || draw(fc.nat(3)) > 0) return false;
  budget.fields -= 1;
  return true;
}

function fieldValue(field: FieldPlan, draw: Draw, budget: Budget): unknown {
  if (field.rule === 'repeated') return [value(field, draw, budget), value(field, draw, budget)];
  if (field.rule === 'map') return Object.fromEntries([[draw(text), value(field, draw, budget)]]);
  return value(field, draw, budget);
}

function value({ value: plan }: FieldPlan, draw: Draw, budget: Budget): unknown {
  if (plan.kind === 'message') return build(plan.message, draw, budget);
  if (plan.kind === 'enum') return draw(fc.constantFrom(...plan.names.values()));
  return draw(VALUES[plan.scalar]);
}

const documents = fc.tuple(fc.constantFrom(...NAMES), fc.gen()).map(([name, generate]) => {
  const draw: Draw = (arbitrary) => generate(same<typeof arbitrary>, arbitrary);
  return { name, document: build(messagePlan(name), draw, { fields: 25 }) };
});

function same<T>(arbitrary: T): T {
  return arbitrary;
}

/** Members that JSON output adds to what was set. */
function withDefaults(name: keyof MessageMap, document: Document): unknown {
  const decoded = decodeJson<unknown>(messageTypes[name], encodeJson<unknown>(messageTypes[name], document), {
    bareInfinity: true,
  });
  return decoded.ok ? decoded.value : decoded.error;
}

const root = protobuf.Root.fromJSON(
  JSON.parse(readFileSync(new URL('../../descriptor/fields.json', import.meta.url), 'utf8')) as protobuf.INamespace,
);
// The one field that Mesos has in its unversioned message only.
root.lookupType('mesos.v1.AgentInfo').add(new protobuf.Field('checkpoint', 7, 'bool'));

describe('codecs', () => {
  it('protobuf gives a document back as it was', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const bytes = encodeProtobuf<unknown>(messageTypes[name], document);
        expect(decodeProtobuf<unknown>(messageTypes[name], bytes)).toEqual({ ok: true, value: document });
      }),
    );
  });

  it('JSON gives a document back with its defaults, and then again the same', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const first = withDefaults(name, document);
        expect(first).toMatchObject(document);
        expect(withDefaults(name, first as Document)).toEqual(first);
      }),
    );
  });

  it('JSON of a stream says the same in ASCII', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const ascii = encodeStreamJson<unknown>(messageTypes[name], document);
        expect(ascii).toMatch(/^[ -\u007f]*$/);
        const decoded = decodeJson<unknown>(messageTypes[name], ascii, { bareInfinity: true });
        expect(decoded).toEqual({ ok: true, value: withDefaults(name, document) });
      }),
    );
  });

  it('documents survive JSON.stringify and JSON.parse', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const copy: unknown = JSON.parse(JSON.stringify(document));
        expect(encodeProtobuf<unknown>(messageTypes[name], copy)).toEqual(
          encodeProtobuf<unknown>(messageTypes[name], document),
        );
      }),
    );
  });

  it('protobuf.js writes the same bytes', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const type = root.lookupType(MESSAGE_DESCRIPTORS[name].fullName);
        const bytes = encodeProtobuf<unknown>(messageTypes[name], document);
        expect(Buffer.from(type.encode(type.decode(bytes)).finish()).toString('hex')).toBe(bytes.toString('hex'));
      }),
    );
  });

  it('never throw on arbitrary input', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.uint8Array(), fc.json(), (name, bytes, json) => {
        decodeProtobuf<unknown>(messageTypes[name], bytes);
        decodeJson<unknown>(messageTypes[name], json);
        decodeJson<unknown>(messageTypes[name], Buffer.from(bytes));
      }),
    );
  });
});
