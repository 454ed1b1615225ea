import type { ConfirmChannel, Options } from 'amqplib';
import type { TimerClock } from '@tranche/telemetry';
import { AbandonedError, TransportError, UnroutableError } from '../messaging.errors.js';
import { MessageQueue } from './message-queue.js';
import type { RabbitSettings } from './rabbit-options.js';

/** A message for the broker, encoded. */
export interface Publication {
  /** Empty: the default exchange, where the routing key is a queue. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly pattern: string;
  /** Queue as its sender calls it; empty for an exchange. */
  readonly queue: string;
  readonly body: Buffer;
  readonly options: Options.Publish & { readonly messageId: string };
}

interface Pending extends Publication {
  readonly settled: PromiseWithResolvers<void>;
  /** When it is refused if the broker has not been there until then, milliseconds since the epoch. */
  readonly dueMs: number;
  /** The broker may have it: it must be sent again, with the same id, until it is confirmed. */
  isWritten: boolean;
  isReturned: boolean;
}

const OVERDUE_INTERVAL_MS = 500;

export type PublisherSettings = Pick<
  RabbitSettings,
  'confirmWindow' | 'maxWaitingMessages' | 'maxWaitingBytes' | 'waitMs'
>;

/**
 * Publishes with confirms, a window of them at a time, in order.
 *
 * While the broker is away messages wait, in order and within a bound; those that it had not confirmed when the connection broke go first and
 * keep their ids, so that receivers know those that come twice. What cannot wait is refused, never dropped in silence.
 */
export class RabbitPublisher {
  private readonly waiting = new MessageQueue<Pending>();
  private readonly inFlight = new Map<string, Pending>();
  private waitingBytes = 0;
  private channel: ConfirmChannel | undefined;
  private isChannelFull = false;
  private isWatching = false;
  private closedBy: AbandonedError | undefined;

  /** @param refused told when the broker did not take a message: the channel is given up, another shall be attached */
  constructor(
    private readonly settings: PublisherSettings,
    private readonly clock: TimerClock,
    private readonly refused: (reason: string) => void,
  ) {}

  /** Messages that the broker has not confirmed yet. */
  get backlog(): number {
    return this.waiting.length + this.inFlight.size;
  }

  /** For readiness: true, or why messages are refused. */
  get state(): true | string {
    return !this.isFull || `${this.waiting.length} messages wait for the broker: more are refused`;
  }

  /**
   * @returns when the broker has it
   * @throws TransportError when it could not wait (any longer), UnroutableError when it is mandatory and has no queue, AbandonedError when
   * nothing is published any more
   */
  publish(publication: Publication): Promise<void> {
    if (this.closedBy !== undefined) return Promise.reject(this.closedBy);
    if (this.isFull) {
      return Promise.reject(new TransportError(`${this.waiting.length} messages wait for the broker already`));
    }
    const settled = Promise.withResolvers<void>();
    const dueMs = this.clock.nowMs() + this.settings.waitMs;
    this.waiting.push({ ...publication, settled, dueMs, isWritten: false, isReturned: false });
    this.waitingBytes += publication.body.length;
    if (this.channel === undefined) this.watchOverdue();
    else this.pump();
    return settled.promise;
  }

  /** From now on messages go over this channel: those first that a former one left unconfirmed. */
  attach(channel: ConfirmChannel): void {
    this.detach();
    this.channel = channel;
    this.isChannelFull = false;
    channel.on('drain', () => {
      if (this.channel !== channel) return;
      this.isChannelFull = false;
      this.pump();
    });
    // A returned message comes before its confirm.
    channel.on('return', ({ properties }) => {
      const pending = this.inFlight.get(String(properties.messageId));
      if (pending !== undefined) pending.isReturned = true;
    });
    this.pump();
  }

  /** The channel is gone. */
  detach(): void {
    this.channel = undefined;
    const unconfirmed = [...this.inFlight.values()];
    this.inFlight.clear();
    for (const pending of unconfirmed) {
      pending.isReturned = false;
      this.waitingBytes += pending.body.length;
    }
    this.waiting.putBack(unconfirmed);
    if (this.waiting.length > 0) this.watchOverdue();
  }

  /** Publishes nothing any more. What became of that which waits is not known: the broker may have it. */
  close(reason: string): void {
    this.closedBy = new AbandonedError(reason);
    this.detach();
    this.refuse(() => true, this.closedBy);
  }

  private get isFull(): boolean {
    const { maxWaitingMessages, maxWaitingBytes } = this.settings;
    return this.waiting.length >= maxWaitingMessages || this.waitingBytes >= maxWaitingBytes;
  }

  private pump(): void {
    while (this.channel !== undefined && !this.isChannelFull && this.inFlight.size < this.settings.confirmWindow) {
      const pending = this.waiting.take();
      if (pending === undefined) return;
      this.waitingBytes -= pending.body.length;
      this.write(this.channel, pending);
    }
  }

  private write(channel: ConfirmChannel, pending: Pending): void {
    const { exchange, routingKey, body, options } = pending;
    this.inFlight.set(options.messageId, pending);
    pending.isWritten = true;
    const hasRoom = channel.publish(exchange, routingKey, body, options, (error: Error | null) => {
      if (this.channel !== channel || this.inFlight.get(options.messageId) !== pending) return;
      // The channel ends: what is unconfirmed waits for the next.
      if (error !== null && error.message !== 'message nacked') return;
      if (error !== null) {
        // A queue without a leader for now. What follows must not overtake it: all go again, this one first.
        pending.isWritten = false;
        this.detach();
        return this.refused(`the broker did not take ${pending.pattern}`);
      }
      this.inFlight.delete(options.messageId);
      if (pending.isReturned) pending.settled.reject(new UnroutableError(pending.queue, pending.pattern));
      else pending.settled.resolve();
      this.pump();
    });
    if (!hasRoom) this.isChannelFull = true;
  }

  /** Refuses what has waited too long without ever having been written: what was written may have arrived. */
  private refuseOverdue(): void {
    const nowMs = this.clock.nowMs();
    const error = new TransportError('the broker has been away for too long');
    this.refuse((pending) => !pending.isWritten && pending.dueMs <= nowMs, error);
  }

  /** While the broker is away somebody has to look at what waits. */
  private watchOverdue(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    this.clock.after(Math.min(OVERDUE_INTERVAL_MS, this.settings.waitMs), () => {
      this.isWatching = false;
      if (this.channel !== undefined || this.waiting.length === 0) return;
      this.refuseOverdue();
      this.watchOverdue();
    });
  }

  private refuse(isOut: (pending: Pending) => boolean, error: Error): void {
    for (const { settled, body } of this.waiting.remove(isOut)) {
      this.waitingBytes -= body.length;
      settled.reject(error);
    }
  }
}
