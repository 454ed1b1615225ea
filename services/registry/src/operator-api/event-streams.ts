import type { OnModuleDestroy } from '@nestjs/common';
import {
  encodeEvent,
  encodeRecord,
  type MasterEvent,
  type MediaType,
  messageTypes,
  type TaskStatus,
} from '@tranche/mesos-api';
import type { AgentEntry } from '../model/agent-entry.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { ClusterObserver } from '../model/cluster-observer.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import type { TaskEntry } from '../model/task-entry.js';
import { agentDocument, frameworkOfEvent, getState, taskDocument } from './state-calls.js';

/** The part of a response (`ServerResponse`) that a stream needs. */
export interface StreamResponse {
  /** Bytes that wait for the client. */
  readonly writableLength: number;
  write(chunk: Buffer): unknown;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close' | 'error', listener: () => void): unknown;
}

export interface EventStreamLimits {
  /** Beyond so many the oldest is closed. @source Mesos: `--max_operator_event_stream_subscribers` */
  readonly maxStreams: number;
  /** Bytes of events that may wait for a client, besides its snapshot: a slower one is cut off. */
  readonly maxUnreadBytes: number;
  readonly heartbeatMs: number;
}

const LIMITS: EventStreamLimits = { maxStreams: 1_000, maxUnreadBytes: 16 << 20, heartbeatMs: 15_000 };

const HEARTBEAT: MasterEvent = { type: 'HEARTBEAT' };

interface Subscriber {
  readonly response: StreamResponse;
  readonly mediaType: MediaType;
  readonly heartbeats: NodeJS.Timeout;
  readonly maxUnreadBytes: number;
}

/**
 * The streams of operator API SUBSCRIBE: each begins with the whole state and goes on with every change.
 *
 * An event is encoded once for each content type, however many read it; nothing waits for a client.
 *
 * @source operator API §3
 */
export class EventStreams implements ClusterObserver, OnModuleDestroy {
  /** Oldest first. */
  private readonly subscribers = new Set<Subscriber>();

  constructor(
    private readonly model: ClusterModel,
    private readonly limits: EventStreamLimits = LIMITS,
  ) {
    model.observe(this);
  }

  get size(): number {
    return this.subscribers.size;
  }

  /** Begins a stream on a response whose head is written. */
  open(response: StreamResponse, mediaType: MediaType): void {
    const { heartbeatMs, maxStreams, maxUnreadBytes } = this.limits;
    const subscribed = { get_state: getState(this.model), heartbeat_interval_seconds: heartbeatMs / 1_000 };
    const snapshot = recordOf({ type: 'SUBSCRIBED', subscribed }, mediaType);
    const subscriber: Subscriber = {
      ...{ response, mediaType },
      maxUnreadBytes: snapshot.length + maxUnreadBytes,
      heartbeats: setInterval(() => write(subscriber, recordOf(HEARTBEAT, mediaType)), heartbeatMs).unref(),
    };
    response.on('close', () => this.forget(subscriber));
    // A client that vanishes is noticed by `close`; the error itself says no more.
    response.on('error', () => undefined);
    this.subscribers.add(subscriber);
    write(subscriber, snapshot);
    write(subscriber, recordOf(HEARTBEAT, mediaType));
    for (const oldest of this.subscribers) {
      if (this.subscribers.size <= maxStreams) break;
      this.end(oldest);
    }
  }

  taskAdded(task: TaskEntry): void {
    this.publish(() => ({ type: 'TASK_ADDED', task_added: { task: taskDocument(task) } }));
  }

  /** A status that only repeats the one before is no event, unless it tells of a check. */
  taskUpdated({ record }: TaskEntry, status: TaskStatus, before: TaskStatus | undefined): void {
    if (status.state === before?.state && !tellsOfCheck(status)) return;
    const { frameworkId, state } = record;
    const task_updated = { framework_id: { value: frameworkId }, status, state };
    this.publish(() => ({ type: 'TASK_UPDATED', task_updated }));
  }

  frameworkAdded(framework: FrameworkEntry): void {
    this.publish(() => ({ type: 'FRAMEWORK_ADDED', framework_added: { framework: frameworkOfEvent(framework) } }));
  }

  frameworkUpdated(framework: FrameworkEntry): void {
    this.publish(() => ({
      type: 'FRAMEWORK_UPDATED',
      framework_updated: { framework: frameworkOfEvent(framework) },
    }));
  }

  frameworkRemoved({ record: { info } }: FrameworkEntry): void {
    this.publish(() => ({ type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info: info } }));
  }

  agentAdded(entry: AgentEntry): void {
    const { known } = entry;
    if (known === undefined) return;
    this.publish(() => ({ type: 'AGENT_ADDED', agent_added: { agent: agentDocument(entry, known) } }));
  }

  agentRemoved(agentId: string): void {
    this.publish(() => ({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: agentId } } }));
  }

  /** Clients subscribe again, and get the whole state anew. */
  replaced(): void {
    this.endAll();
  }

  onModuleDestroy(): void {
    this.endAll();
  }

  private publish(make: () => MasterEvent): void {
    if (this.subscribers.size === 0) return;
    const event = make();
    const records = new Map<MediaType, Buffer>();
    for (const subscriber of this.subscribers) {
      const record = records.get(subscriber.mediaType) ?? recordOf(event, subscriber.mediaType);
      records.set(subscriber.mediaType, record);
      write(subscriber, record);
    }
  }

  private endAll(): void {
    for (const subscriber of this.subscribers) this.end(subscriber);
  }

  private end(subscriber: Subscriber): void {
    this.forget(subscriber);
    subscriber.response.end();
  }

  private forget(subscriber: Subscriber): void {
    clearInterval(subscriber.heartbeats);
    this.subscribers.delete(subscriber);
  }
}

const recordOf = (event: MasterEvent, mediaType: MediaType): Buffer =>
  encodeRecord(encodeEvent(messageTypes.MasterEvent, mediaType, event));

/** One write, so one chunk: some clients take a chunk for a record. Its `close` makes the stream forgotten. */
function write({ response, maxUnreadBytes }: Subscriber, record: Buffer): void {
  if (response.writableLength > maxUnreadBytes) response.destroy();
  else response.write(record);
}

const tellsOfCheck = ({ reason }: TaskStatus): boolean =>
  reason === 'REASON_TASK_CHECK_STATUS_UPDATED' || reason === 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED';
