import { ENUM_DESCRIPTORS, MESSAGE_DESCRIPTORS } from '../generated/descriptor.js';
import type { MessageMap } from '../generated/message-map.js';
import type { FieldDescriptor, MessageDescriptor, ScalarType } from './descriptor.js';

/** A message as plain data: what every codec reads and yields. */
export type Document = Record<string, unknown>;

/** What a field's value is, with references resolved. */
export type ValuePlan =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | {
      readonly kind: 'enum';
      readonly numbers: ReadonlyMap<string, number>;
      readonly names: ReadonlyMap<number, string>;
    }
  | { readonly kind: 'message'; readonly message: MessagePlan };

/** A field, ready for the codecs: no look-up by name is left. */
export interface FieldPlan {
  readonly name: string;
  readonly id: number;
  readonly rule: 'optional' | 'required' | 'repeated' | 'map';
  readonly value: ValuePlan;
  /** What JSON output prints when the field is unset; undefined when it prints nothing. */
  readonly printedDefault: string | number | boolean | undefined;
  /** Names of the other members of its oneof; setting this field unsets them. */
  readonly rivals: readonly string[];
}

/** A message, ready for the codecs. */
export interface MessagePlan {
  /** TypeScript name: `SchedulerCall`. */
  readonly name: string;
  /** Last part of the protobuf name, which error texts use: `Call`. */
  readonly shortName: string;
  /** In declaration order. */
  readonly fields: readonly FieldPlan[];
  readonly byName: ReadonlyMap<string, FieldPlan>;
  readonly byId: ReadonlyMap<number, FieldPlan>;
  readonly required: readonly FieldPlan[];
  /** Fields that hold messages, by number: the order in which protobuf looks for missing required fields. */
  readonly nested: readonly FieldPlan[];
}

interface MutablePlan extends MessagePlan {
  fields: FieldPlan[];
  byName: Map<string, FieldPlan>;
  byId: Map<number, FieldPlan>;
  required: FieldPlan[];
  nested: FieldPlan[];
}

const SCALARS: ReadonlySet<string> = new Set<ScalarType>([
  'string',
  'bytes',
  'bool',
  'double',
  'int32',
  'uint32',
  'int64',
  'uint64',
]);

const descriptors: Readonly<Record<string, MessageDescriptor>> = MESSAGE_DESCRIPTORS;
const plans = new Map<string, MutablePlan>();
const enums = new Map<string, ValuePlan>();

/**
 * The plan of a message type. Plans are built when first asked for, with those of the messages inside, and kept.
 *
 * @param name TypeScript name, a key of {@link MessageMap}
 */
export function messagePlan(name: keyof MessageMap): MessagePlan {
  return planOf(name);
}

function planOf(name: string): MutablePlan {
  const known = plans.get(name);
  if (known !== undefined) return known;
  const descriptor = descriptors[name];
  if (descriptor === undefined) throw new TypeError(`unknown message type ${name}`);
  const shortName = descriptor.fullName.slice(descriptor.fullName.lastIndexOf('.') + 1);
  const plan: MutablePlan = {
    name,
    shortName,
    fields: [],
    byName: new Map(),
    byId: new Map(),
    required: [],
    nested: [],
  };
  plans.set(name, plan); // Before its fields: messages refer to themselves.
  for (const field of descriptor.fields) addField(plan, fieldPlan(field, descriptor));
  plan.nested.sort((a, b) => a.id - b.id);
  return plan;
}

function addField(plan: MutablePlan, field: FieldPlan): void {
  plan.fields.push(field);
  plan.byName.set(field.name, field);
  plan.byId.set(field.id, field);
  if (field.rule === 'required') plan.required.push(field);
  if (field.value.kind === 'message') plan.nested.push(field);
}

function fieldPlan(field: FieldDescriptor, owner: MessageDescriptor): FieldPlan {
  const group = owner.oneofs?.find((names) => names.includes(field.name)) ?? [];
  return {
    name: field.name,
    id: field.id,
    rule: field.rule ?? 'optional',
    value: valuePlan(field.type),
    printedDefault: field.deprecated === true ? undefined : field.default,
    rivals: group.filter((name) => name !== field.name),
  };
}

function valuePlan(type: string): ValuePlan {
  if (SCALARS.has(type)) return { kind: 'scalar', scalar: type as ScalarType };
  if (ENUM_DESCRIPTORS[type] === undefined) return { kind: 'message', message: planOf(type) };
  return enumPlan(type);
}

function enumPlan(type: string): ValuePlan {
  const known = enums.get(type);
  if (known !== undefined) return known;
  const entries = Object.entries(ENUM_DESCRIPTORS[type] ?? {});
  const names = new Map<number, string>();
  // Of names that share a number protobuf prints the first.
  for (const [name, number] of entries) if (!names.has(number)) names.set(number, name);
  const plan: ValuePlan = { kind: 'enum', numbers: new Map(entries), names };
  enums.set(type, plan);
  return plan;
}
