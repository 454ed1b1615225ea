import { type SchedulerCall, type SchedulerEvent, decodeJson, messageTypes } from '@tranche/mesos-api';

/** How calls and events are written. The cluster speaks JSON and protobuf; what a framework sees is the same. */
export interface WireFormat {
  contentType: string;
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
  decodeEvent(record) {
    const decoded = decodeJson(messageTypes.SchedulerEvent, record);
    if (!decoded.ok) throw new Error(decoded.error);
    return decoded.value;
  },
};
