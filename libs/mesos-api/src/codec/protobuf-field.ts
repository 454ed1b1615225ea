import protobuf from 'protobufjs/minimal.js';
import { messagePlan } from './message-plan.js';
import type { MessageType } from './message-type.js';

/**
 * What stands before a member that is a message, in the protobuf form of the message that has it: tag and length. So a message can be put
 * together of members that were written before; lists are one such member an element, in any place.
 *
 * @param name of the member
 * @param sizeBytes of what follows
 * @throws TypeError when the message has no such member, or it is no message
 */
export function protobufMemberHead<T>(type: MessageType<T>, name: keyof T & string, sizeBytes: number): Buffer {
  const field = messagePlan(type.name).byName.get(name);
  if (field?.value.kind !== 'message') throw new TypeError(`${type.name}.${name} is no message`);
  const bytes = protobuf.Writer.create()
    .uint32((field.id << 3) | 2)
    .uint32(sizeBytes)
    .finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
