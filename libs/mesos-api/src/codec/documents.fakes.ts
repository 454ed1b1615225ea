import * as fc from 'fast-check';
import type { MessageMap } from '../generated/message-map.js';
import { bigIntToInt64, numberToDouble } from '../scalars.js';
import type { ScalarType } from './descriptor.js';
import type { Document, FieldPlan, MessagePlan } from './message-plan.js';
import { messagePlan } from './message-plan.js';

/** The messages that travel by themselves. */
export const NAMES = [
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

/** A message that travels by itself, and a document of it: valid, with any of its members. */
export const documents = fc.tuple(fc.constantFrom(...NAMES), fc.gen()).map(([name, generate]) => {
  const draw: Draw = (arbitrary) => generate(same<typeof arbitrary>, arbitrary);
  return { name, document: build(messagePlan(name), draw, { fields: 25 }) };
});

function same<T>(arbitrary: T): T {
  return arbitrary;
}
