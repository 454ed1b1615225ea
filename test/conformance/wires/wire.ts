import type { MessageBus, ServiceHost } from '@tranche/messaging';

/** A message that came to a queue of the stage. */
export interface Arrived {
  readonly pattern: string;
  readonly items: readonly unknown[];
}

export interface Taking {
  /** Patterns of the facts that the queue gets too. */
  readonly facts?: readonly string[];
  /** Told of each command and fact. */
  readonly onMessage?: (message: Arrived) => void;
  /** What a query is answered. Default: nobody asks here. */
  readonly answer?: () => unknown;
}

/** What the services and those who play the rest of the cluster talk over. */
export interface Wire {
  /** What a service that runs here is given. */
  host(service: string): ServiceHost;
  /** The way out of one who is played. */
  bus(service: string): MessageBus;
  /** Plays the consumer of a queue. */
  take(queue: string, taking: Taking): Promise<void>;
  /** Lets messages that are on their way, and what follows from them, arrive. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export const answerText = (value: unknown): string => JSON.stringify({ ok: true, value });

/** Reads the body of a command or fact. */
export function arrived(body: string): Arrived {
  const { pattern, items = [] } = JSON.parse(body) as Partial<Arrived> & { pattern: string };
  return { pattern, items };
}
