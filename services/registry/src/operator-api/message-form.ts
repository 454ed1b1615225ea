import { encodeJson, encodeProtobuf, type MediaType, type MessageType, protobufMemberHead } from '@tranche/mesos-api';
import { COMMA, type FragmentList } from '../documents/fragment-list.js';

/** A message, or a part of one, as bytes in a row. */
export type Pieces = readonly Buffer[];

/** How a message is put together of parts that were written before. */
export interface MessageForm {
  /** Between two elements of a long list, if anything. */
  readonly separator: Buffer | undefined;
  /** One of the many elements of a long list. */
  row<T, M>(owner: MessageType<T>, member: keyof T & string, type: MessageType<M>, document: M): Buffer;
  /** A member of a message: the rows of some lists, one list after the other. */
  rowList(member: string, lists: readonly FragmentList[]): Pieces;
  encode<T>(type: MessageType<T>, document: T): Buffer;
  /** An encoded message, not an empty one, that gets a further member. */
  extended(message: Buffer, member: Pieces): Pieces;
  /** One element of a list of few. */
  element<T>(owner: MessageType<T>, member: keyof T & string, message: Pieces): Pieces;
  /** A member of a message: a list of such elements. */
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

const OPEN = Buffer.from('{');
const CLOSE = Buffer.from('}');
const END = Buffer.from(']');

export const JSON_FORM: MessageForm = {
  separator: COMMA,
  row: (_owner, _member, type, document) => Buffer.from(encodeJson(type, document)),
  rowList: (member, lists) =>
    jsonList(
      member,
      lists.filter(({ size }) => size > 0).map((list) => piecesOf([list])),
    ),
  encode: (type, document) => Buffer.from(encodeJson(type, document)),
  extended: (message, member) => [message.subarray(0, -1), COMMA, ...member, CLOSE],
  element: (_owner, _member, message) => message,
  list: jsonList,
  plain: (type, document) => [Buffer.from(encodeJson(type, document).slice(1, -1))],
  encoded: (_owner, member, message) => [Buffer.from(`"${member}":`), ...message],
  message: (_owner, member, members) => [Buffer.from(`"${member}":`), ...objectOf(members)],
  whole: (members) => objectOf(members),
};

function jsonList(member: string, elements: readonly Pieces[]): Pieces {
  return [Buffer.from(`"${member}":[`), ...separated(elements), END];
}

const objectOf = (members: readonly Pieces[]): Pieces => [OPEN, ...separated(members), CLOSE];

const separated = (elements: readonly Pieces[]): Pieces =>
  elements.flatMap((element, at) => (at === 0 ? element : [COMMA, ...element]));

/** A list is its elements, each with its tag: nothing stands around them. */
const PROTOBUF_FORM: MessageForm = {
  separator: undefined,
  row(owner, member, type, document) {
    const message = encodeProtobuf(type, document);
    return Buffer.concat([protobufMemberHead(owner, member, message.length), message]);
  },
  rowList: (_member, lists) => piecesOf(lists),
  encode: (type, document) => encodeProtobuf(type, document),
  extended: (message, member) => [message, ...member],
  element: (owner, member, message) => withHead(owner, member, message),
  list: (_member, elements) => elements.flat(),
  plain: (type, document) => [encodeProtobuf(type, document)],
  encoded: (owner, member, message) => withHead(owner, member, message),
  message: (owner, member, members) => withHead(owner, member, members.flat()),
  whole: (members) => members.flat(),
};

const withHead = <T>(owner: MessageType<T>, member: keyof T & string, message: Pieces): Pieces => [
  protobufMemberHead(owner, member, sizeOf(message)),
  ...message,
];

function piecesOf(lists: readonly FragmentList[]): Pieces {
  const pieces: Buffer[] = [];
  for (const list of lists) list.writeTo(pieces);
  return pieces;
}

const sizeOf = (pieces: Pieces): number => pieces.reduce((sum, { length }) => sum + length, 0);

export const formOf = (mediaType: MediaType): MessageForm =>
  mediaType === 'application/json' ? JSON_FORM : PROTOBUF_FORM;
