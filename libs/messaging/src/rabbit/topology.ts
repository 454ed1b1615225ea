import type { Channel, Options } from 'amqplib';
import type { RabbitSettings } from './rabbit-options.js';

/** Dead letters that are kept; the oldest go first. */
const MAX_DEAD_LETTERS = 100_000;

/** Each agent's queue belongs to that agent, which may never come back: it expires. */
const isOfAgent = (queue: string): boolean => queue.startsWith('agent.');

/** One process's own queue: nobody else ever takes from it, and it goes soon after the process. */
const isOfReplica = (queue: string): boolean => queue.startsWith('replica.');

/** A process that cannot reach the broker for so long begins anew with snapshots. */
const REPLICA_QUEUE_EXPIRY_MS = 60_000;

/**
 * Names and properties of everything that a mesh has at the broker, the same for everyone who declares it.
 *
 * Facts go to a topic exchange, by their pattern. Commands and queries go to queues by name, over the default exchange.
 */
export class Topology {
  /** The topic exchange of facts. */
  readonly facts: string;
  /** What could not be handled, with the finding in the headers: the exchange, and the queue that keeps it. */
  readonly deadLetters: string;

  constructor(private readonly settings: RabbitSettings) {
    this.facts = `${settings.namespace}.facts`;
    this.deadLetters = `${settings.namespace}.dead-letters`;
  }

  /** The broker's name of a queue of commands and facts. */
  queue(name: string): string {
    return `${this.settings.namespace}.${name}`;
  }

  /**
   * The queue for questions to the consumer of a queue.
   *
   * Apart from its commands, so that a backlog of those keeps no question waiting: two services that each wait for the other's snapshot
   * would both wait until they time out.
   */
  queries(name: string): string {
    return `${this.queue(name)}.queries`;
  }

  /**
   * How a queue of commands and facts is declared.
   *
   * One consumer is active, whoever else waits: the broker keeps the order, and elects the next when it loses the first.
   */
  queueOptions(name: string): Options.AssertQueue {
    const { deliveryLimit } = this.settings;
    const queueType = isOfReplica(name) ? 'classic' : this.settings.queueType;
    return {
      durable: true,
      arguments: {
        'x-single-active-consumer': true,
        'x-dead-letter-exchange': this.deadLetters,
        'x-queue-type': queueType,
        ...(queueType === 'quorum' ? { 'x-delivery-limit': deliveryLimit } : {}),
        ...this.expiry(name),
      },
    };
  }

  /** Questions are not stored: they are worth nothing after their time. */
  queriesOptions(name: string): Options.AssertQueue {
    return {
      durable: true,
      arguments: { 'x-single-active-consumer': true, 'x-queue-type': 'classic', ...this.expiry(name) },
    };
  }

  /** Makes what everyone relies on. Idempotent. */
  async declare(channel: Channel): Promise<void> {
    await channel.assertExchange(this.facts, 'topic', { durable: true });
    await channel.assertExchange(this.deadLetters, 'fanout', { durable: true });
    await channel.assertQueue(this.deadLetters, {
      durable: true,
      arguments: { 'x-max-length': MAX_DEAD_LETTERS, 'x-queue-type': 'classic' },
    });
    await channel.bindQueue(this.deadLetters, this.deadLetters, '');
  }

  private expiry(name: string): { 'x-expires'?: number } {
    if (isOfAgent(name)) return { 'x-expires': this.settings.agentQueueExpiryMs };
    return isOfReplica(name) ? { 'x-expires': REPLICA_QUEUE_EXPIRY_MS } : {};
  }
}
