import type { CommandContract, FactContract, FactNumbers, QueryContract } from '@tranche/contracts';

/**
 * What a service says to others. The one way out of a process for messages; transports implement it.
 *
 * Injected by this class. Items given in one turn of the event loop travel as one message per destination, and messages to one
 * destination keep their order.
 */
export abstract class MessageBus {
  /** One life of this sender, `offers/1f6c…`: signs every message. */
  abstract readonly source: string;

  /** States facts to whoever listens. Never fails: a listener that missed one sees the gap in the numbers. */
  abstract publish<I>(contract: FactContract<I>, items: readonly I[]): void;

  /**
   * Gives commands to one service or agent.
   *
   * @returns when the broker has them: from then on they reach their queue's consumer
   * @throws UnroutableError when the queue does not exist, TransportError when the broker is away, AbandonedError when this sender has ended
   */
  abstract send<I>(contract: CommandContract<I>, queue: string, items: readonly I[]): Promise<void>;

  /**
   * Asks one service and waits for its answer.
   *
   * @param options timeoutMs default 5,000
   * @throws QueryTimeoutError, UnroutableError, TransportError, RemoteError when the handler failed, or the reason for which it was withdrawn
   */
  abstract ask<Q, R>(contract: QueryContract<Q, R>, queue: string, request: Q, options?: AskOptions): Promise<R>;

  /** Makes a durable queue that goes away after it has been without a consumer for long. Idempotent. */
  abstract declareQueue(queue: string): Promise<void>;

  /** How far this process has counted its facts and commands, those of the current turn included: a snapshot taken now contains all of them. */
  abstract factNumbers(): FactNumbers;

  /**
   * Calls the listener each time that the broker is there again after it was lost: what it does not write to its disk may be gone.
   *
   * @returns a function that ends it
   */
  abstract onRestored(listener: () => void): () => void;
}

export interface AskOptions {
  readonly timeoutMs?: number;
  /** Withdraws the question: what waits for the broker does not leave any more, and the answer is not waited for. */
  readonly signal?: AbortSignal;
}

/** What a handler learns besides the items. */
export interface MessageContext {
  /** Name and version of the message, `agent.registered.v1`. */
  readonly pattern: string;
  /** One life of the sender, `offers/1f6c…`. */
  readonly source: string;
  /** Facts and commands: number in the source's count of this pattern; queries: 0. */
  readonly sequence: number;
  readonly messageId: string;
  /** W3C traceparent of the message, when it has one. */
  readonly traceparent?: string;
}
