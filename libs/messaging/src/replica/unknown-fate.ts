import type { AskedHead } from './memory-exchange.js';

/** A request that changes something was passed on, and its answer was lost: it may or may not have been carried out. */
export class UnknownFateError extends Error {
  readonly code = 'messaging/unknown-fate';

  /** @param isSchedulerCall the client is a scheduler with an event stream: a broken connection is what it knows, as of a master that dies */
  constructor(
    readonly isSchedulerCall: boolean,
    options?: ErrorOptions,
  ) {
    super('The replica that was asked has not answered: the request may or may not have been carried out', options);
    this.name = 'UnknownFateError';
  }
}

/**
 * What is to be said of a request whose answer was lost.
 *
 * Reads, and a SUBSCRIBE, which makes nothing that another would not make again, are just tried again.
 */
export function lostAnswer({ method, url, headers }: AskedHead, cause: unknown): unknown {
  if (method === 'GET' || method === 'HEAD') return cause;
  const isSchedulerCall = headers['mesos-stream-id'] !== undefined;
  const isSubscribe = !isSchedulerCall && /\/api\/v1\/scheduler$/.test(url);
  return isSubscribe ? cause : new UnknownFateError(isSchedulerCall, { cause });
}
