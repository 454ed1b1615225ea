import {
  type Decoded,
  type SchedulerCall,
  type SchedulerEvent,
  decodeJson,
  decodeProtobuf,
  encodeProtobuf,
  messageTypes,
} from '@tranche/mesos-api';

/** Names of the formats, as `SchedulerOptions.format` takes them. */
export type WireFormatName = 'json' | 'protobuf';

/** How calls and events are written. The cluster speaks JSON and protobuf; what a framework sees is the same. */
export interface WireFormat {
  contentType: string;
  /** @throws Error when required members are missing (protobuf) */
  encodeCall(call: SchedulerCall): Uint8Array;
  /** @throws Error when the record is no event */
  decodeEvent(record: Buffer): SchedulerEvent;
}

/**
 * Calls are written as they are in memory, which is JSON already, and not by `encodeJson`: that one adds the defaults of unset
 * fields, and a `role` of `*` beside `roles` would be refused.
 */
export const JSON_FORMAT: WireFormat = {
  contentType: 'application/json',
  encodeCall: (call) => Buffer.from(JSON.stringify(call)),
  decodeEvent: (record) => known(decodeJson(messageTypes.SchedulerEvent, record)),
};

/** Smaller and quicker to read where many events come. */
export const PROTOBUF_FORMAT: WireFormat = {
  contentType: 'application/x-protobuf',
  encodeCall: (call) => encodeProtobuf(messageTypes.SchedulerCall, call),
  decodeEvent: (record) => known(decodeProtobuf(messageTypes.SchedulerEvent, record)),
};

function known<T>(decoded: Decoded<T>): T {
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.value;
}
