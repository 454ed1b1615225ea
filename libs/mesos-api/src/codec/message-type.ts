import { MESSAGE_DESCRIPTORS } from '../generated/descriptor.js';
import type { MessageMap } from '../generated/message-map.js';

/**
 * Names a v1 message for the codecs and carries the type of its document, so that
 * `decodeJson(messageTypes.SchedulerCall, body)` yields a `SchedulerCall`.
 */
export interface MessageType<T> {
  /** TypeScript name of the message: `SchedulerCall`. */
  readonly name: keyof MessageMap;
  /** Only for the compiler: never present. */
  readonly document?: T;
}

/** Every v1 message type, under its TypeScript name. */
export const messageTypes = Object.fromEntries(
  Object.keys(MESSAGE_DESCRIPTORS).map((name) => [name, { name }]),
) as unknown as { readonly [N in keyof MessageMap]: MessageType<MessageMap[N]> };
