import { create, createFileRegistry, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  DescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENUM_DESCRIPTORS, MESSAGE_DESCRIPTORS } from '../generated/descriptor.js';
import type { FieldDescriptor } from './descriptor.js';
import { documents } from './documents.fakes.js';
import { messageTypes } from './message-type.js';
import { decodeProtobuf } from './protobuf-decode.js';
import { encodeProtobuf } from './protobuf-encode.js';

type MessageInit = MessageInitShape<typeof DescriptorProtoSchema>;
type FieldInit = NonNullable<MessageInit['field']>[number];

const SCALARS: Readonly<Record<string, Type>> = {
  string: Type.STRING,
  bytes: Type.BYTES,
  bool: Type.BOOL,
  double: Type.DOUBLE,
  int32: Type.INT32,
  uint32: Type.UINT32,
  int64: Type.INT64,
  uint64: Type.UINT64,
};
const LABELS = { required: Label.REQUIRED, repeated: Label.REPEATED, map: Label.REPEATED };

/** The type of a field or of a map's values, in the words of a descriptor file. */
function typed(type: string): { type: Type; typeName?: string } {
  const scalar = SCALARS[type];
  if (scalar !== undefined) return { type: scalar };
  return { type: type in ENUM_DESCRIPTORS ? Type.ENUM : Type.MESSAGE, typeName: `.v1.${type}` };
}

const entryName = (name: string): string =>
  `${name.replaceAll(/(?:^|_)(\w)/g, (_all, c: string) => c.toUpperCase())}Entry`;

function fieldOf(message: string, { name, id, type, rule }: FieldDescriptor): FieldInit {
  const label = rule === undefined ? Label.OPTIONAL : LABELS[rule];
  const what = rule === 'map' ? { type: Type.MESSAGE, typeName: `.v1.${message}.${entryName(name)}` } : typed(type);
  return { name, number: id, label, ...what };
}

const entryOf = ({ name, type }: FieldDescriptor): MessageInit => ({
  name: entryName(name),
  options: { mapEntry: true },
  field: [
    { name: 'key', number: 1, label: Label.OPTIONAL, type: Type.STRING },
    { name: 'value', number: 2, label: Label.OPTIONAL, ...typed(type) },
  ],
});

/** Our table of messages as a descriptor file, for a protobuf that shares no code with ours. */
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [
      create(FileDescriptorProtoSchema, {
        name: 'v1.proto',
        package: 'v1',
        syntax: 'proto2',
        enumType: Object.entries(ENUM_DESCRIPTORS).map(([name, values]) => ({
          name,
          value: Object.entries(values).map(([value, number]) => ({ name: value, number })),
        })),
        messageType: Object.entries(MESSAGE_DESCRIPTORS).map(([name, { fields }]) => ({
          name,
          field: fields.map((field) => fieldOf(name, field)),
          nestedType: fields.filter(({ rule }) => rule === 'map').map(entryOf),
        })),
      }),
    ],
  }),
);

/** What @bufbuild/protobuf makes of bytes when it reads them and writes them again. */
function rewritten(name: string, bytes: Uint8Array): Uint8Array {
  const schema = registry.getMessage(`v1.${name}`);
  if (schema === undefined) throw new Error(`no message ${name}`);
  return toBinary(schema, fromBinary(schema, bytes));
}

/** A field that no message has, in each wire type: number 5000. */
const UNKNOWN = Buffer.from(
  ['c0b802 01', 'c1b802 0102030405060708', 'c2b802 02 0102', 'c5b802 01020304'].join('').replaceAll(' ', ''),
  'hex',
);

describe('@bufbuild/protobuf', () => {
  it('reads what we write, and we read what it writes', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const bytes = encodeProtobuf<unknown>(messageTypes[name], document);
        const theirs = rewritten(name, bytes);
        expect(theirs.length).toBe(bytes.length);
        expect(decodeProtobuf<unknown>(messageTypes[name], theirs)).toEqual({ ok: true, value: document });
      }),
    );
  });

  it('keeps fields that nobody knows, which we pass over', () => {
    fc.assert(
      fc.property(documents, ({ name, document }) => {
        const bytes = Buffer.concat([encodeProtobuf<unknown>(messageTypes[name], document), UNKNOWN]);
        const theirs = rewritten(name, bytes);
        expect(theirs.length).toBe(bytes.length);
        expect(decodeProtobuf<unknown>(messageTypes[name], theirs)).toEqual({ ok: true, value: document });
      }),
    );
  });
});
