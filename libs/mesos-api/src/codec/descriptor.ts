/** Shape of the generated descriptor table: what the codecs know of a message. */

/** Protobuf scalar types that the v1 messages use. */
export type ScalarType = 'string' | 'bytes' | 'bool' | 'double' | 'int32' | 'uint32' | 'int64' | 'uint64';

/** One field, as declared. */
export interface FieldDescriptor {
  /** snake_case name: the JSON key. */
  readonly name: string;
  /** Field number on the wire. */
  readonly id: number;
  /** A scalar type, or the TypeScript name of an enum or message. Of a map: the type of its values; keys are strings. */
  readonly type: string;
  /** Absent for an optional field. */
  readonly rule?: 'required' | 'repeated' | 'map';
  /** Explicit default; JSON output prints it for an unset field that is not deprecated. */
  readonly default?: string | number | boolean;
  readonly deprecated?: boolean;
}

/** One message: its protobuf name and its fields in declaration order, which is the order of JSON output. */
export interface MessageDescriptor {
  readonly fullName: string;
  readonly fields: readonly FieldDescriptor[];
  /** Groups of fields of which at most one can be set. */
  readonly oneofs?: readonly (readonly string[])[];
}

/** Name → number. */
export type EnumDescriptor = Readonly<Record<string, number>>;
