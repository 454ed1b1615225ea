/** A command or query was addressed to a queue that does not exist: the agent is gone, or never registered. */
export class UnroutableError extends Error {
  readonly code = 'messaging/unroutable';
  constructor(
    readonly queue: string,
    readonly pattern: string,
  ) {
    super(`no queue ${queue} for ${pattern}`);
    this.name = 'UnroutableError';
  }
}

/** The broker is away, and the message could not wait for it (any longer): nothing of it was sent. */
export class TransportError extends Error {
  readonly code = 'messaging/broker-away';
  readonly retryable = true;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportError';
  }
}

/**
 * Its sender has ended, because it was stopped or has lost its place: whether the message was sent is not known, and nobody may act upon that here.
 * Whoever follows learns it from the receiver.
 */
export class AbandonedError extends Error {
  readonly code = 'messaging/abandoned';
  readonly retryable = true;
  constructor(message: string) {
    super(message);
    this.name = 'AbandonedError';
  }
}

/** Nobody answered a query in time. */
export class QueryTimeoutError extends Error {
  readonly code = 'messaging/query-timeout';
  readonly retryable = true;
  constructor(
    readonly queue: string,
    readonly pattern: string,
    readonly timeoutMs: number,
  ) {
    super(`no answer to ${pattern} from ${queue} within ${timeoutMs} ms`);
    this.name = 'QueryTimeoutError';
  }
}

/** The handler of a query failed; its error's code and text came back. */
export class RemoteError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RemoteError';
  }
}
