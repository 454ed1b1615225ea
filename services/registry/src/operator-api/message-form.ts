import { encodeJson, encodeProtobuf, type MediaType, type MessageType, protobufMemberHead } from '@tranche/mesos-api';

/** A message, or a part of one, as bytes in a row. */
export type Pieces = readonly Buffer[];

/** How a message is put together of parts that were written before. */
export interface MessageForm {
  encode<T>(type: MessageType<T>, document: T): Buffer;
  /** An encoded message that gets a further member. */
  extended(message: Buffer, member: Pieces): Pieces;
  /** One element of a list, as it stands in the list. */
  element<T>(owner: MessageType<T>, member: keyof T & string, message: Pieces): Pieces;
  /** A member of a message: a list of elements. */
  list(member: string, elements: readonly Pieces[]): Pieces;
  /** Members that hold no messages. */
  plain<T>(type: MessageType<T>, document: T): Pieces;
  /** A member of a message: a message that is encoded already. */
  encoded<T>(owner: MessageType<T>, member: keyof T & string, message: Pieces): Pieces;
  /** A member of a message: a message of members. */
  message<T>(owner: MessageType<T>, member: keyof T & string, members: readonly Pieces[]): Pieces;
  /** The outermost message. */
  whole(members: readonly Pieces[]): Pieces;
}

const COMMA = Buffer.from(',');

/** Elements begin with a comma: that of the first is left out. */
const JSON_FORM: MessageForm = {
  encode: (type, document) => Buffer.from(encodeJson(type, document)),
  extended: (message, member) => [message.subarray(0, -1), COMMA, ...member, Buffer.from('}')],
  element: (_owner, _member, [first = Buffer.alloc(0), ...more]) => [Buffer.concat([COMMA, first]), ...more],
  list: (member, elements) => [
    Buffer.from(`"${member}":[`),
    ...elements.flatMap((element, at) => (at === 0 ? withoutComma(element) : element)),
    Buffer.from(']'),
  ],
  plain: (type, document) => [Buffer.from(encodeJson(type, document).slice(1, -1))],
  encoded: (_owner, member, message) => [Buffer.from(`"${member}":`), ...message],
  message: (_owner, member, members) => [Buffer.from(`"${member}":`), ...objectOf(members)],
  whole: (members) => objectOf(members),
};

const withoutComma = ([first, ...more]: Pieces): Pieces => [first?.subarray(1) ?? COMMA, ...more];

const objectOf = (members: readonly Pieces[]): Pieces => [
  Buffer.from('{'),
  ...members.flatMap((member, at) => (at === 0 ? member : [COMMA, ...member])),
  Buffer.from('}'),
];

/** A list is its elements, each with its tag: nothing stands around them. */
const PROTOBUF_FORM: MessageForm = {
  encode: (type, document) => encodeProtobuf(type, document),
  extended: (message, member) => [message, ...member],
  element: (owner, member, message) => withHead(owner, member, message),
  list: (_member, elements) => elements.flat(),
  plain: (type, document) => [encodeProtobuf(type, document)],
  encoded: (owner, member, message) => withHead(owner, member, message),
  message: (owner, member, members) => withHead(owner, member, members.flat()),
  whole: (members) => members.flat(),
};

function withHead<T>(owner: MessageType<T>, member: keyof T & string, message: Pieces): Pieces {
  const head = protobufMemberHead(owner, member, sizeOf(message));
  const [only, ...more] = message;
  return only !== undefined && more.length === 0 ? [Buffer.concat([head, only])] : [head, ...message];
}

export const sizeOf = (pieces: Pieces): number => pieces.reduce((sum, { length }) => sum + length, 0);

export const formOf = (mediaType: MediaType): MessageForm =>
  mediaType === 'application/json' ? JSON_FORM : PROTOBUF_FORM;

/** What is written at once: small pieces would each be a call of the system. */
const CHUNK_BYTES = 64 << 10;

/** Small pieces joined, as they are read. */
export function* inChunks(pieces: Pieces): Generator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(waiting, bytes);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting, bytes);
}
