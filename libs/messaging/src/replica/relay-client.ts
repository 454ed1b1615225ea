import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  EndRelayV1,
  OpenRelayV1,
  PaceRelayV1,
  type PlaceTaken,
  queueOfSource,
  RelayBodyV1,
  type RelayChunks,
  RelayRequestV1,
  type RelayResponse,
  replicaQueueOf,
} from '@tranche/contracts';
import type { Logger } from '@tranche/telemetry';
import type { MessageBus } from '../message-bus.js';
import { RemoteError } from '../messaging.errors.js';
import { answeredBy, type Exchange, newExchange, stillThere } from './exchange.js';
import { type AnswerSink, type AskedHead, type AskedRequest, refuse } from './memory-exchange.js';
import { passOnBody } from './bodies/pass-on-body.js';
import { lostAnswer } from './unknown-fate.js';
import { relayedHeaders } from './relay-headers.js';
import { relayedBody } from './bodies/relayed-body.js';
import { RequestBody } from './bodies/request-body.js';

/** How long a request waits for an owner: a replica that takes over needs a second or two. */
const ANSWER_TIMEOUT_MS = 20_000;
/** So long a new owner is waited for with what may be in its queue: longer than it needs to begin to answer, and short beside a client's patience. */
const NEW_OWNER_MS = 1_000;
/** A body that has come by then goes with its request in one message; another follows it as it comes. Most clients write both at once. */
const WHOLE_BODY_MS = 100;
/** When a client leaves more than this unread, who answers is told to wait: what is relayed to it waits in this process. */
const PAUSE_BYTES = 8 << 20;
/** A client that leaves more than this unread all the same is disconnected: what was on its way is far less. */
const MAX_UNREAD_BYTES = 64 << 20;

/** Passes clients' requests on to the replica that owns what they are about, and its answers back, in order. */
export class RelayClient {
  private readonly open = new Map<string, Exchange>();
  private readonly replyQueue: string;
  /** Queues whose owners, of an older release, take bodies only as a whole. */
  private readonly takeWhole = new Set<string>();

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
    const head = { method, url, headers: relayedHeaders(request.headers) };
    const length = request.headers['content-length'];
    const body = new RequestBody(request);
    await this.exchange(queue, response, async (exchange) => {
      if (!this.takeWhole.has(queue) && !(await body.isWholeWithin(WHOLE_BODY_MS))) {
        const bodyBytes = length === undefined ? {} : { bodyBytes: Number(length) };
        if (await this.begin(exchange, { ...head, ...bodyBytes })) return this.follow(exchange, body);
      }
      const whole = await relayedBody(body, head.headers['content-encoding']);
      await this.ask(exchange, { ...head, headers: { ...head.headers, ...whole.headers }, body: whole.body });
    });
    // Refused, or answered early: what the client goes on sending is thrown away, so that it gets to read that.
    body.discard();
  }

  /** As `relay`, of a request that was read already or is just being read. */
  async forward(queue: string, read: () => Promise<AskedRequest>, response: AnswerSink): Promise<void> {
    await this.exchange(queue, response, async (exchange) => this.ask(exchange, await read()));
  }

  private async exchange(
    queue: string,
    response: AnswerSink,
    run: (exchange: Exchange) => Promise<void>,
  ): Promise<void> {
    const exchange = newExchange(queue, response);
    const { id } = exchange;
    this.open.set(id, exchange);
    response.on('close', () => this.closed(id));
    // A client that vanishes is noticed by `close`; the error itself says no more.
    response.on('error', () => undefined);
    try {
      await run(exchange);
    } catch (error) {
      // An owner that waits for the body learns here that no more of it comes.
      if (this.open.delete(id) && exchange.source !== undefined) this.tellEnd(id, queue);
      if (response.writableFinished) return;
      this.logger.info('request could not be relayed', { queue, error });
      refuse(response, exchange.sent === undefined ? error : lostAnswer(exchange.sent, error));
    }
  }

  /** Asks for all of a request in one message. */
  private async ask(exchange: Exchange, whole: AskedRequest): Promise<void> {
    const { id, queue, withdrawal } = exchange;
    await stillThere(exchange);
    exchange.sent = whole;
    const { body, ...rest } = whole;
    const asked = { exchangeId: id, replyQueue: this.replyQueue, ...rest, body: body.toString('base64') };
    const { signal } = withdrawal;
    this.answered(exchange, await this.bus.ask(RelayRequestV1, queue, asked, { timeoutMs: ANSWER_TIMEOUT_MS, signal }));
  }

  /** Asks for a request whose body follows. @returns false: its owner, of an older release, knows no such thing */
  private async begin(exchange: Exchange, head: AskedHead & { readonly bodyBytes?: number }): Promise<boolean> {
    const { id, queue, withdrawal } = exchange;
    await stillThere(exchange);
    const asked = { exchangeId: id, replyQueue: this.replyQueue, ...head };
    const { signal } = withdrawal;
    try {
      const { source } = await this.bus.ask(OpenRelayV1, queue, asked, { timeoutMs: ANSWER_TIMEOUT_MS, signal });
      answeredBy(exchange, source);
      exchange.sent = head;
      exchange.isPaced = true;
    } catch (error) {
      if (!isUnknownMessage(error)) throw error;
      this.takeWhole.add(queue);
      return false;
    }
    this.writeEarly(exchange);
    return true;
  }

  /** Sends the body after its request, and sees that it is answered. */
  private async follow(exchange: Exchange, body: RequestBody): Promise<void> {
    const { id, queue, begun, response, withdrawal } = exchange;
    const { signal } = withdrawal;
    signal.throwIfAborted();
    signal.addEventListener('abort', () => {
      body.fail(signal.reason as Error);
      begun.reject(signal.reason);
    });
    // Nobody waits for it while the body is on its way, which fails then as well.
    begun.promise.catch(() => undefined);
    await passOnBody(body, {
      give: async (data, isLast) => {
        const piece = { exchangeId: id, data: data.toString('base64'), isLast };
        return (await this.bus.ask(RelayBodyV1, queue, piece, { timeoutMs: ANSWER_TIMEOUT_MS, signal })).state;
      },
      stillThere: () => stillThere(exchange),
    });
    if (response.headersSent) return;
    const late = setTimeout(() => begun.reject(new Error('the request was not answered in time')), ANSWER_TIMEOUT_MS);
    await begun.promise.finally(() => clearTimeout(late));
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
    this.takeWhole.delete(queue);
    for (const exchange of this.open.values()) {
      if (exchange.queue !== queue || exchange.source === source) continue;
      if (exchange.source === undefined) this.awaitOwner(exchange, source);
      else if (exchange.response.headersSent) exchange.response.destroy();
      else exchange.withdrawal.abort(new Error('another replica has taken over'));
    }
  }

  private awaitOwner(exchange: Exchange, source: string): void {
    exchange.awaited = source;
    setTimeout(() => {
      if (exchange.awaited === source) exchange.withdrawal.abort(new Error('another replica has taken over'));
    }, NEW_OWNER_MS).unref();
  }

  private answered(exchange: Exchange, answer: RelayResponse): void {
    const { id, response } = exchange;
    answeredBy(exchange, answer.source);
    const body = Buffer.from(answer.body, 'base64');
    exchange.isPaced = answer.isPaced === true;
    response.writeHead(answer.status, {
      ...answer.headers,
      ...(answer.isContinued ? {} : { 'content-length': String(body.length) }),
    });
    if (!answer.isContinued) {
      this.open.delete(id);
      response.end(body);
      return;
    }
    response.flushHeaders();
    this.writeEarly(exchange);
  }

  private writeEarly(exchange: Exchange): void {
    const { early } = exchange;
    exchange.early = [];
    for (const item of early) this.write(exchange, item);
  }

  private write(exchange: Exchange, { head, data, end }: RelayChunks): void {
    const { response, queue, begun } = exchange;
    if (response.writableLength > MAX_UNREAD_BYTES) {
      this.logger.warn('a client reads too slowly', { queue, unreadBytes: response.writableLength });
      response.destroy();
      return;
    }
    if (head !== undefined) {
      response.writeHead(head.status, head.headers);
      response.flushHeaders();
      begun.resolve();
    }
    if (data !== '') response.write(Buffer.from(data, 'base64'));
    if (end === 'complete') response.end();
    else if (end === 'broken' && response.headersSent) response.destroy();
    else if (end === 'broken') exchange.withdrawal.abort(new Error('the owner broke the request off'));
    else if (exchange.isPaced && response.writableLength > PAUSE_BYTES) this.pause(exchange);
  }

  /** Tells who answers, again with all that comes nevertheless, that the client has to read first. */
  private pause(exchange: Exchange): void {
    this.pace(exchange, true);
    if (exchange.isPaused) return;
    exchange.isPaused = true;
    exchange.response.once('drain', () => {
      exchange.isPaused = false;
      this.pace(exchange, false);
    });
  }

  private pace({ id: exchangeId, queue }: Exchange, isPaused: boolean): void {
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

/** A release that does not know the message says so with the code of `ContractError`. */
const isUnknownMessage = (error: unknown): boolean =>
  error instanceof RemoteError && error.code === 'contracts/invalid-message';
