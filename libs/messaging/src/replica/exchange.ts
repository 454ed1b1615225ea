import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { RelayChunks } from '@tranche/contracts';
import type { AnswerSink, AskedHead } from './memory-exchange.js';

/**
 * A process that stood still reads what a client had sent before it reads, two turns of the event loop later, that the client has left. A SUBSCRIBE that was
 * passed on in between would end the subscription that the client has since made elsewhere.
 */
const TURNS = 4;

/** One request of a client on its way to an owner and back. */
export interface Exchange {
  readonly id: string;
  readonly queue: string;
  readonly response: AnswerSink;
  /** Who answers; unknown until the answer begins. */
  source: string | undefined;
  /** What of the request the owner may have. */
  sent: AskedHead | undefined;
  /** The owner that came before there was an answer. Nobody else's counts. */
  awaited: string | undefined;
  /** Chunks that overtook the head: they come over another queue. */
  early: RelayChunks[];
  /** Who answers waits for the client when it is told to. */
  isPaced: boolean;
  /** It was told to. */
  isPaused: boolean;
  /** Nobody waits for the answer any more. */
  readonly withdrawal: AbortController;
  /** Settles when the answer to a request whose body followed begins. */
  readonly begun: PromiseWithResolvers<void>;
}

/** Nothing of it has been sent. @param queue of the owner */
export const newExchange = (queue: string, response: AnswerSink): Exchange => ({
  ...{ id: randomUUID(), queue, response, source: undefined, sent: undefined, awaited: undefined, early: [] },
  ...{ isPaced: false, isPaused: false },
  withdrawal: new AbortController(),
  begun: Promise.withResolvers(),
});

/** @throws Error when its client has left, or will in the turns that it is given to be seen leaving */
export async function stillThere({ withdrawal }: Exchange): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await setImmediate();
  withdrawal.signal.throwIfAborted();
}

/** @throws Error when its answer is no longer the one that counts */
export function answeredBy(exchange: Exchange, source: string): void {
  const { awaited } = exchange;
  if (awaited !== undefined && awaited !== source) throw new Error('another replica has taken over');
  exchange.source = source;
}
