import { randomUUID } from 'node:crypto';
import type { Channel } from 'amqplib';
import { QueryTimeoutError, TransportError, UnroutableError } from '../messaging.errors.js';
import type { Topology } from './topology.js';

/** The broker's own name for "straight back over this channel". */
const DIRECT_REPLY = 'amq.rabbitmq.reply-to';

export interface Question {
  readonly pattern: string;
  readonly queue: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Open {
  readonly question: Question;
  readonly answered: PromiseWithResolvers<string>;
  readonly timer: NodeJS.Timeout;
  readonly release: () => void;
}

/**
 * Asks questions and matches the answers to them.
 *
 * While the broker is away a question waits, within its time, unless it is withdrawn. Once it is on its way it ends with its time or with the connection: nothing of it is
 * stored.
 */
export class RabbitAsker {
  private readonly open = new Map<string, Open>();
  private channel: Channel | undefined;
  /** Questions that wait for the broker. */
  private readonly unsent = new Set<string>();

  private closedBy: string | undefined;

  constructor(private readonly topology: Topology) {}

  /** @returns the body of the answer */
  ask(question: Question): Promise<string> {
    if (this.closedBy !== undefined) return Promise.reject(new TransportError(this.closedBy));
    const { pattern, queue, timeoutMs, signal } = question;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const id = randomUUID();
    const answered = Promise.withResolvers<string>();
    const timer = setTimeout(() => {
      const error = this.unsent.has(id)
        ? new TransportError(`no broker for ${timeoutMs} ms to ask ${pattern} of ${queue}`)
        : new QueryTimeoutError(queue, pattern, timeoutMs);
      this.end(id)?.reject(error);
    }, timeoutMs);
    const withdraw = (): void => this.end(id)?.reject(signal?.reason);
    signal?.addEventListener('abort', withdraw);
    const release = (): void => signal?.removeEventListener('abort', withdraw);
    this.open.set(id, { question, answered, timer, release });
    if (this.channel === undefined) this.unsent.add(id);
    else this.write(this.channel, id, question);
    return answered.promise;
  }

  /** Nothing is asked any more. */
  close(reason: string): void {
    this.detach();
    for (const id of [...this.unsent]) this.end(id)?.reject(new TransportError(reason));
    this.closedBy = reason;
  }

  private write(channel: Channel, id: string, { pattern, queue, body, headers, timeoutMs }: Question): void {
    channel.publish('', this.topology.queries(queue), body, {
      ...{ messageId: id, correlationId: id, replyTo: DIRECT_REPLY, type: pattern, headers },
      ...{ contentType: 'application/json', mandatory: true, persistent: false, expiration: timeoutMs },
    });
  }

  /** Questions go over this channel from now on. */
  async attach(channel: Channel): Promise<void> {
    this.detach();
    channel.on('return', ({ properties }) => {
      const id = String(properties.messageId);
      const question = this.open.get(id)?.question;
      if (question !== undefined) this.end(id)?.reject(new UnroutableError(question.queue, question.pattern));
    });
    await channel.consume(
      DIRECT_REPLY,
      (message) => {
        if (message !== null) this.end(String(message.properties.correlationId))?.resolve(message.content.toString());
      },
      { noAck: true },
    );
    this.channel = channel;
    for (const id of this.unsent) {
      const question = this.open.get(id)?.question;
      if (question !== undefined) this.write(channel, id, question);
    }
    this.unsent.clear();
  }

  /** The channel is gone, and the answers with it. */
  detach(): void {
    this.channel = undefined;
    for (const [id, { question }] of this.open) {
      if (this.unsent.has(id)) continue;
      const { pattern, queue } = question;
      this.end(id)?.reject(new TransportError(`connection lost while ${pattern} was asked of ${queue}`));
    }
  }

  private end(id: string): PromiseWithResolvers<string> | undefined {
    const open = this.open.get(id);
    if (open === undefined) return undefined;
    this.open.delete(id);
    this.unsent.delete(id);
    clearTimeout(open.timer);
    open.release();
    return open.answered;
  }
}
