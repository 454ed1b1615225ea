import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ChannelModel } from 'amqplib';
import { TransportError } from '../messaging.errors.js';
import type { QueueDepth } from '../queue-depth.js';
import type { ConnectionUser, RabbitConnection } from './rabbit-connection.js';
import type { Topology } from './topology.js';

/** Whoever looks waits no longer. */
const TIMEOUT_MS = 2_000;

/** A queue of that name does not exist: AMQP closes the channel that asked for it. */
const NOT_FOUND = 404;

/** Asks the broker how much waits in queues, over channels of its own: one that the broker closes must not end the connection. */
export class QueueDepths implements ConnectionUser {
  private model: ChannelModel | undefined;
  private using: Promise<unknown> | undefined;

  constructor(
    private readonly connection: Pick<RabbitConnection, 'use'>,
    private readonly topology: Topology,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async opened(model: ChannelModel): Promise<void> {
    this.model = model;
  }

  lost(): void {
    this.model = undefined;
  }

  /**
   * Of queues as senders call them, of the questions to their consumers, and of dead letters. One that does not exist is left out.
   *
   * @throws TransportError when the broker is away, or slow
   */
  async read(names: readonly string[]): Promise<readonly QueueDepth[]> {
    this.using ??= this.connection.use(this);
    await this.using;
    const late = new AbortController();
    const all = [...names.flatMap((name) => [name, `${name}.queries`]), 'dead-letters'];
    const reading = this.readAll(all, late.signal);
    // What is read after its time is for nobody.
    reading.catch(() => undefined);
    const found = await Promise.race([reading, sleep(this.timeoutMs, undefined, { ref: false })]);
    late.abort();
    if (found === undefined)
      throw new TransportError(`the broker tells no lengths of queues within ${this.timeoutMs} ms`);
    return found;
  }

  private async readAll(names: readonly string[], late: AbortSignal): Promise<QueueDepth[]> {
    const depths: QueueDepth[] = [];
    let channel: Channel | undefined;
    for (const name of names) {
      if (late.aborted) break;
      channel ??= await this.open();
      try {
        const { messageCount, consumerCount } = await channel.checkQueue(this.topology.queue(name));
        depths.push({ name, messages: messageCount, consumers: consumerCount });
      } catch (cause) {
        channel = undefined;
        if ((cause as { code?: unknown }).code !== NOT_FOUND)
          throw new TransportError(`the broker was lost while it was asked for ${name}`, { cause });
      }
    }
    await channel?.close().catch(() => undefined);
    return depths;
  }

  private async open(): Promise<Channel> {
    const { model } = this;
    if (model === undefined) throw new TransportError('no broker to ask for the lengths of queues');
    const channel = await model.createChannel();
    // The answer that was refused says it, too.
    channel.on('error', () => undefined);
    return channel;
  }
}
