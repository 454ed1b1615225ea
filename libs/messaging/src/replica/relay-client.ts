import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import {
  EndRelayV1,
  PaceRelayV1,
  type PlaceTaken,
  queueOfSource,
  type RelayChunks,
  RelayRequestV1,
  type RelayResponse,
  replicaQueueOf,
} from '@tranche/contracts';
import type { Logger } from '@tranche/telemetry';
import type { MessageBus } from '../message-bus.js';
import { type AnswerSink, type AskedRequest, refuse } from './memory-exchange.js';
import { lostAnswer } from './unknown-fate.js';
import { relayedHeaders } from './relay-headers.js';
import { relayedBody } from './relayed-body.js';

/** How long a request waits for an owner: a replica that takes over needs a second or two. */
const ANSWER_TIMEOUT_MS = 20_000;
/** So long a new owner is waited for with what may be in its queue: longer than it needs to begin to answer, and short beside a client's patience. */
const NEW_OWNER_MS = 1_000;
/** When a client leaves more than this unread, who answers is told to wait: what is relayed to it waits in this process. */
const PAUSE_BYTES = 8 << 20;
/** A client that leaves more than this unread all the same is disconnected: what was on its way is far less. */
const MAX_UNREAD_BYTES = 64 << 20;
/**
 * A process that stood still reads what a client had sent before it reads, two turns of the event loop later, that the client has left. A SUBSCRIBE that was
 * passed on in between would end the subscription that the client has since made elsewhere.
 */
const TURNS = 4;

interface Exchange {
  readonly queue: string;
  readonly response: AnswerSink;
  /** Who answers; unknown until the answer begins. */
  source: string | undefined;
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
}

/** Passes clients' requests on to the replica that owns what they are about, and its answers back, in order. */
export class RelayClient {
  private readonly open = new Map<string, Exchange>();
  private readonly replyQueue: string;

  constructor(
    replicaId: string,
    private readonly bus: Pick<MessageBus, 'ask' | 'send'>,
    private readonly logger: Logger,
  ) {
    this.replyQueue = replicaQueueOf(replicaId);
  }

  /** Exchanges under way, streams included. */
  get size(): number {
    return this.open.size;
  }

  /** Relays one request. Never rejects: what goes wrong is the client's answer. @param queue of the owner */
  async relay(queue: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const read = async (): Promise<AskedRequest> => {
      const { body, headers: encoding } = await relayedBody(request);
      return { method, url, headers: { ...relayedHeaders(request.headers), ...encoding }, body };
    };
    return this.forward(queue, read, response);
  }

  /** As `relay`, of a request that was read already or is just being read. */
  async forward(queue: string, read: () => Promise<AskedRequest>, response: AnswerSink): Promise<void> {
    const exchangeId = randomUUID();
    const exchange: Exchange = {
      ...{ queue, response, source: undefined, awaited: undefined, early: [] },
      ...{ isPaced: false, isPaused: false },
      withdrawal: new AbortController(),
    };
    this.open.set(exchangeId, exchange);
    response.on('close', () => this.closed(exchangeId));
    // A client that vanishes is noticed by `close`; the error itself says no more.
    response.on('error', () => undefined);
    let sent: AskedRequest | undefined;
    try {
      const whole = await read();
      for (let turn = 0; turn < TURNS; turn++) await setImmediate();
      exchange.withdrawal.signal.throwIfAborted();
      sent = whole;
      const { body, ...rest } = whole;
      const { replyQueue } = this;
      const asked = { exchangeId, replyQueue, ...rest, body: body.toString('base64') };
      const { signal } = exchange.withdrawal;
      const answer = await this.bus.ask(RelayRequestV1, queue, asked, { timeoutMs: ANSWER_TIMEOUT_MS, signal });
      this.begin(exchangeId, exchange, answer);
    } catch (error) {
      this.open.delete(exchangeId);
      this.logger.info('request could not be relayed', { queue, error });
      refuse(response, sent === undefined ? error : lostAnswer(sent, error));
    }
  }

  /**
   * More of a response. Where its client has gone, who answers is told (again): an event stream would never end.
   *
   * @param source the life that answers
   */
  take(items: readonly RelayChunks[], source: string): void {
    for (const item of items) {
      const exchange = this.open.get(item.exchangeId);
      if (exchange === undefined) {
        if (item.end === undefined) this.tellEnd(item.exchangeId, queueOfSource(source));
      } else if (exchange.source === undefined) exchange.early.push(item);
      else this.write(exchange, item);
    }
  }

  /**
   * Somebody else owns the queue now: exchanges with the one before are over, and their clients come again. What has no answer yet went with the one
   * before, or is in the queue and answered by the new one at once.
   */
  placeTaken({ queue, source }: PlaceTaken): void {
    for (const exchange of this.open.values()) {
      if (exchange.queue !== queue || exchange.source === source) continue;
      if (exchange.source === undefined) this.awaitOwner(exchange, source);
      else exchange.response.destroy();
    }
  }

  private awaitOwner(exchange: Exchange, source: string): void {
    exchange.awaited = source;
    setTimeout(() => {
      if (exchange.awaited === source) exchange.withdrawal.abort(new Error('another replica has taken over'));
    }, NEW_OWNER_MS).unref();
  }

  private begin(exchangeId: string, exchange: Exchange, answer: RelayResponse): void {
    const { response, early, awaited } = exchange;
    if (awaited !== undefined && awaited !== answer.source) throw new Error('another replica has taken over');
    const body = Buffer.from(answer.body, 'base64');
    exchange.source = answer.source;
    exchange.isPaced = answer.isPaced === true;
    response.writeHead(answer.status, {
      ...answer.headers,
      ...(answer.isContinued ? {} : { 'content-length': String(body.length) }),
    });
    if (!answer.isContinued) {
      this.open.delete(exchangeId);
      response.end(body);
      return;
    }
    response.flushHeaders();
    exchange.early = [];
    for (const item of early) this.write(exchange, item);
  }

  private write(exchange: Exchange, { exchangeId, data, end }: RelayChunks): void {
    const { response, queue } = exchange;
    if (response.writableLength > MAX_UNREAD_BYTES) {
      this.logger.warn('a client reads too slowly', { queue, unreadBytes: response.writableLength });
      response.destroy();
      return;
    }
    if (data !== '') response.write(Buffer.from(data, 'base64'));
    if (end === 'complete') response.end();
    else if (end === 'broken') response.destroy();
    else if (exchange.isPaced && response.writableLength > PAUSE_BYTES) this.pause(exchangeId, exchange);
  }

  /** Tells who answers, again with all that comes nevertheless, that the client has to read first. */
  private pause(exchangeId: string, exchange: Exchange): void {
    this.pace(exchangeId, exchange.queue, true);
    if (exchange.isPaused) return;
    exchange.isPaused = true;
    exchange.response.once('drain', () => {
      exchange.isPaused = false;
      this.pace(exchangeId, exchange.queue, false);
    });
  }

  private pace(exchangeId: string, queue: string, isPaused: boolean): void {
    this.bus.send(PaceRelayV1, queue, [{ exchangeId, isPaused }]).catch((error: unknown) => {
      this.logger.debug('the pace of a client could not be told', { exchangeId, isPaused, error });
    });
  }

  private closed(exchangeId: string): void {
    const exchange = this.open.get(exchangeId);
    if (exchange === undefined) return;
    this.open.delete(exchangeId);
    if (exchange.response.writableFinished) return;
    exchange.withdrawal.abort(new Error('the client has gone'));
    this.tellEnd(exchangeId, exchange.queue);
  }

  private tellEnd(exchangeId: string, queue: string): void {
    this.bus.send(EndRelayV1, queue, [{ exchangeId }]).catch((error: unknown) => {
      this.logger.debug('the end of an exchange could not be told', { exchangeId, error });
    });
  }
}
