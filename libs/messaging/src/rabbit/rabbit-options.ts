import type { PartitionCounts } from '@tranche/contracts';
import type { SocketOptions } from 'amqplib';

/** `classic` is one copy on one node; `quorum` is replicated, and gives up on a message that keeps killing its consumer. */
export type QueueType = 'classic' | 'quorum';

/** How a process talks to RabbitMQ. Everything but the url has a default that suits a mesh of ordinary size. */
export interface RabbitOptions {
  /** `amqp://user:password@host:port/vhost`, or `amqps:`. Never logged. */
  readonly url: string;
  /** For `amqps:`: certificates, and the name that the broker's must have. */
  readonly tls?: Pick<SocketOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;
  /**
   * A peer that is silent for two to three times this long is taken for lost. It bounds how long a paused or unplugged consumer keeps a queue from the
   * next one. Default 5 s.
   */
  readonly heartbeatSeconds?: number;
  /** Begins the name of every exchange and queue: several meshes can share a vhost. Default `tranche`. */
  readonly namespace?: string;
  readonly queueType?: QueueType;
  /** Messages that the broker hands out before the first of them is acknowledged. Default 250. */
  readonly prefetch?: number;
  /** Messages on their way to the broker at a time. Default 512: beyond that, more in flight brought no more throughput. */
  readonly confirmWindow?: number;
  /** What waits for the broker in memory, at most: more is refused. Default 20,000 messages. */
  readonly maxWaitingMessages?: number;
  /** The same in bytes of their bodies. Default 64 MiB. */
  readonly maxWaitingBytes?: number;
  /** How long a message waits for a broker that is away before it is refused. Default 30 s. */
  readonly waitMs?: number;
  /** An agent's queue goes when it has had no consumer for so long. Default a day: what is in it was answered for long before. */
  readonly agentQueueExpiryMs?: number;
  /** Into how many partitions the work of services is cut. Default: none is. */
  readonly partitions?: PartitionCounts;
  /** Redeliveries after which a quorum queue takes a message for the cause and keeps it aside. Default 20. */
  readonly deliveryLimit?: number;
}

export type RabbitSettings = Required<Omit<RabbitOptions, 'tls'>> & Pick<RabbitOptions, 'tls'>;

const DEFAULTS = {
  heartbeatSeconds: 5,
  namespace: 'tranche',
  queueType: 'classic',
  prefetch: 250,
  confirmWindow: 512,
  maxWaitingMessages: 20_000,
  maxWaitingBytes: 64 << 20,
  waitMs: 30_000,
  agentQueueExpiryMs: 86_400_000,
  deliveryLimit: 20,
  partitions: {},
} as const;

/** The options with what is not said filled in. */
export const settingsOf = (options: RabbitOptions): RabbitSettings => ({ ...DEFAULTS, ...options });

/** Where the broker is, for logs and people: without the password. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return 'a malformed url';
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}${pathname === '/' ? '' : pathname}`;
}
