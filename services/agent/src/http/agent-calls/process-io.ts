import {
  type AgentProcessIO,
  encodeEvent,
  encodeRecord,
  fromMs,
  type MediaType,
  messageTypes,
} from '@tranche/mesos-api';
import type { SessionPiece } from '../../sessions/session.js';

/** How often a reader that has nothing to read is told that the connection stands. @source operator API §5: http_heartbeat_interval */
export const HEARTBEAT_MS = 30_000;

const record = (io: AgentProcessIO, mediaType: MediaType): Buffer =>
  encodeRecord(encodeEvent(messageTypes.AgentProcessIO, mediaType, io));

/** A piece of output as a record of a stream. @source recorded agent answers: LAUNCH_NESTED_CONTAINER_SESSION */
export const outputRecord = ({ stream, data }: SessionPiece, mediaType: MediaType): Buffer =>
  record({ type: 'DATA', data: { type: stream, data: data.toString('base64') } }, mediaType);

export const heartbeatRecord = (mediaType: MediaType): Buffer =>
  record({ type: 'CONTROL', control: { type: 'HEARTBEAT', heartbeat: { interval: fromMs(HEARTBEAT_MS) } } }, mediaType);
