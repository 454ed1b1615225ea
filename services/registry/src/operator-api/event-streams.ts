import type { OnModuleDestroy } from '@nestjs/common';
import type { Sight } from '@tranche/http';
import {
  encodeEvent,
  encodeRecord,
  encodeRecordOf,
  type MasterEvent,
  type MediaType,
  messageTypes,
  type TaskStatus,
} from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { AgentEntry } from '../model/agent-entry.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { ClusterObserver } from '../model/cluster-observer.js';
import type { FrameworkEntry } from '../model/framework-entry.js';
import { taskIsSeen, userOfFramework } from '../model/seen-parts.js';
import type { TaskEntry } from '../model/task-entry.js';
import type { RenderedState } from './rendered-state.js';
import { agentDocument, frameworkOfEvent, taskDocument } from './state-calls.js';

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
  /** Bytes of events that may wait for a client, besides its beginning: a slower one is cut off. */
  readonly maxUnreadBytes: number;
  readonly heartbeatMs: number;
}

const LIMITS: EventStreamLimits = { maxStreams: 1_000, maxUnreadBytes: 16 << 20, heartbeatMs: 15_000 };

const HEARTBEAT: MasterEvent = { type: 'HEARTBEAT' };

interface Subscriber {
  readonly response: StreamResponse;
  readonly mediaType: MediaType;
  readonly heartbeats: NodeJS.Timeout;
  /** Of who may not see everything: its stream begins and goes on with what it may see. */
  readonly sight: Sight | undefined;
  /** Bytes that may wait for it, its beginning included; undefined until its snapshot is rendered. */
  maxUnreadBytes?: number;
}

/** A snapshot that is being rendered: those who come meanwhile get the same, and the events since. */
interface Beginning {
  readonly waiting: Set<Subscriber>;
  readonly missed: Buffer[];
}

/**
 * The streams of operator API SUBSCRIBE: each begins with the whole state and goes on with every change.
 *
 * An event is encoded once for each content type, however many read it; nothing waits for a client. The state is rendered while others get
 * their turn, and once for all who subscribe meanwhile: what happens until it is ready is sent after it.
 *
 * @source operator API §3
 */
export class EventStreams implements ClusterObserver, OnModuleDestroy {
  /** Oldest first. */
  private readonly subscribers = new Set<Subscriber>();
  private readonly beginnings = new Map<MediaType | Subscriber, Beginning>();

  constructor(
    private readonly model: Pick<ClusterModel, 'observe' | 'framework'>,
    private readonly state: Pick<RenderedState, 'subscribed'>,
    private readonly logger: Pick<Logger, 'error' | 'warn'>,
    private readonly limits: EventStreamLimits = LIMITS,
  ) {
    model.observe(this);
  }

  get size(): number {
    return this.subscribers.size;
  }

  /** Begins a stream on a response whose head is written. @param sight of who may not see everything */
  open(response: StreamResponse, mediaType: MediaType, sight?: Sight): void {
    const { heartbeatMs, maxStreams } = this.limits;
    const subscriber: Subscriber = {
      ...{ response, mediaType, sight },
      heartbeats: setInterval(() => this.write(subscriber, recordOf(HEARTBEAT, mediaType)), heartbeatMs).unref(),
    };
    response.on('close', () => this.forget(subscriber));
    // A client that vanishes is noticed by `close`; the error itself says no more.
    response.on('error', () => undefined);
    this.subscribers.add(subscriber);
    for (const oldest of this.subscribers) {
      if (this.subscribers.size <= maxStreams) break;
      this.end(oldest);
    }
    const underWay = this.beginnings.get(beginningOf(subscriber));
    if (underWay === undefined) void this.begin(subscriber);
    else underWay.waiting.add(subscriber);
  }

  taskAdded(task: TaskEntry): void {
    this.publish(
      () => ({ type: 'TASK_ADDED', task_added: { task: taskDocument(task) } }),
      (sight) => this.taskIsSeen(task, sight),
    );
  }

  /** A status that only repeats the one before is no event, unless it tells of a check. */
  taskUpdated(task: TaskEntry, status: TaskStatus, before: TaskStatus | undefined): void {
    if (status.state === before?.state && !tellsOfCheck(status)) return;
    const { frameworkId, state } = task.record;
    const task_updated = { framework_id: { value: frameworkId }, status, state };
    this.publish(
      () => ({ type: 'TASK_UPDATED', task_updated }),
      (sight) => this.taskIsSeen(task, sight),
    );
  }

  frameworkAdded(framework: FrameworkEntry): void {
    this.publish(
      () => ({ type: 'FRAMEWORK_ADDED', framework_added: { framework: frameworkOfEvent(framework) } }),
      (sight) => sight.framework(framework.record.info.user),
    );
  }

  frameworkUpdated(framework: FrameworkEntry): void {
    this.publish(
      () => ({ type: 'FRAMEWORK_UPDATED', framework_updated: { framework: frameworkOfEvent(framework) } }),
      (sight) => sight.framework(framework.record.info.user),
    );
  }

  frameworkRemoved({ record: { info } }: FrameworkEntry): void {
    this.publish(
      () => ({ type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info: info } }),
      (sight) => sight.framework(info.user),
    );
  }

  agentAdded(entry: AgentEntry): void {
    const { known } = entry;
    if (known === undefined) return;
    this.publish((sight) => ({ type: 'AGENT_ADDED', agent_added: { agent: agentDocument(entry, known, sight) } }));
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

  private taskIsSeen(task: TaskEntry, sight: Sight): boolean {
    return taskIsSeen(sight, task, userOfFramework(this.model, task.record.frameworkId));
  }

  private async begin(first: Subscriber): Promise<void> {
    const { mediaType, sight } = first;
    const key = beginningOf(first);
    const beginning: Beginning = { waiting: new Set([first]), missed: [] };
    this.beginnings.set(key, beginning);
    try {
      // What has happened until then is in it.
      const isTaken = (): void => void (beginning.missed.length = 0);
      const pieces = await this.state.subscribed(mediaType, this.limits.heartbeatMs / 1_000, isTaken, sight);
      this.send(encodeRecordOf(pieces), beginning, recordOf(HEARTBEAT, mediaType));
    } catch (error) {
      this.logger.error('a stream could not be begun', { mediaType, error });
      for (const subscriber of beginning.waiting) this.end(subscriber);
    }
    if (this.beginnings.get(key) === beginning) this.beginnings.delete(key);
  }

  /** To all who wait for it: those who were ended meanwhile do not. */
  private send(snapshot: Buffer, { waiting, missed }: Beginning, heartbeat: Buffer): void {
    const records = [snapshot, heartbeat, ...missed];
    const sizeBytes = records.reduce((sum, { length }) => sum + length, 0);
    for (const subscriber of waiting) {
      subscriber.maxUnreadBytes = sizeBytes + this.limits.maxUnreadBytes;
      for (const record of records) this.write(subscriber, record);
    }
  }

  /** @param isSeen whether it is told to who may not see everything. Absent: yes, made for each of them */
  private publish(make: (sight?: Sight) => MasterEvent, isSeen?: (sight: Sight) => boolean): void {
    if (this.subscribers.size === 0) return;
    const records = new Map<MediaType, Buffer>();
    let event: MasterEvent | undefined;
    for (const subscriber of this.subscribers) {
      const { mediaType, sight } = subscriber;
      if (sight !== undefined && isSeen?.(sight) === false) continue;
      const isOwn = sight !== undefined && isSeen === undefined;
      if (!isOwn && !records.has(mediaType)) records.set(mediaType, recordOf((event ??= make()), mediaType));
      const record = (isOwn ? undefined : records.get(mediaType)) ?? recordOf(make(sight), mediaType);
      const beginning = this.beginnings.get(beginningOf(subscriber));
      // Those who wait for one beginning miss each event together: the first of them notes it.
      if (beginning !== undefined && beginning.missed.at(-1) !== record) beginning.missed.push(record);
      this.write(subscriber, record);
    }
  }

  private endAll(): void {
    for (const subscriber of this.subscribers) this.end(subscriber);
    // Who comes from now on is shown what is known from now on.
    this.beginnings.clear();
  }

  /** One write, so one chunk: some clients take a chunk for a record. Its `close` makes the stream forgotten. Nothing goes before the snapshot. */
  private write({ response, maxUnreadBytes }: Subscriber, record: Buffer): void {
    if (maxUnreadBytes === undefined) return;
    const { writableLength: unreadBytes } = response;
    if (unreadBytes <= maxUnreadBytes) return void response.write(record);
    this.logger.warn('a client reads too slowly', { unreadBytes });
    response.destroy();
  }

  private end(subscriber: Subscriber): void {
    this.forget(subscriber);
    subscriber.response.end();
  }

  private forget(subscriber: Subscriber): void {
    clearInterval(subscriber.heartbeats);
    this.subscribers.delete(subscriber);
    this.beginnings.get(beginningOf(subscriber))?.waiting.delete(subscriber);
  }
}

/** What it shares with others who see the same; its own where it may not see everything. */
const beginningOf = (subscriber: Subscriber): MediaType | Subscriber =>
  subscriber.sight === undefined ? subscriber.mediaType : subscriber;

const recordOf = (event: MasterEvent, mediaType: MediaType): Buffer =>
  encodeRecord(encodeEvent(messageTypes.MasterEvent, mediaType, event));

const tellsOfCheck = ({ reason }: TaskStatus): boolean =>
  reason === 'REASON_TASK_CHECK_STATUS_UPDATED' || reason === 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED';
