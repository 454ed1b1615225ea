import type { ClientRequest, IncomingMessage, Server } from 'node:http';
import {
  type EndRelay,
  EndRelayV1,
  type OpenRelay,
  type OpenRelayResponse,
  OpenRelayV1,
  type PaceRelay,
  PaceRelayV1,
  type RelayBody,
  RelayBodyV1,
  type RelayRequest,
  RelayRequestV1,
  type RelayResponse,
  type RelayChunks,
  RelayChunksV1,
} from '@tranche/contracts';
import { type Logger, systemClock, type TimerClock } from '@tranche/telemetry';
import type { MessageBus } from '../message-bus.js';
import type { Answering } from '../self/serve-traces.js';
import { askInMemory, openInMemory } from './memory-exchange.js';
import { relayedHeaders } from './relay-headers.js';
import { RelayPaces } from './relay-paces.js';
import { RelayUploads } from './bodies/relay-uploads.js';

/** A response up to this size goes in one message. */
const MAX_WHOLE_BYTES = 1 << 20;
/** So many ends are remembered in case that their requests come later. */
const MAX_ENDED = 1_000;

/**
 * Answers requests that clients made to other replicas, by the application of this one, which is asked in memory.
 */
export class RelayServer {
  private readonly open = new Map<string, ClientRequest>();
  /** Exchanges whose end came when they were not open, oldest first: over, or yet to come. */
  private readonly ended = new Set<string>();
  private readonly paces: RelayPaces;
  private readonly uploads: RelayUploads;

  constructor(
    private readonly source: string,
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly logger: Logger,
    clock: TimerClock = systemClock,
  ) {
    this.paces = new RelayPaces(clock);
    this.uploads = new RelayUploads(bus, clock, logger);
  }

  /**
   * Adds its handlers beside those of the application.
   *
   * @param server the application's, once it takes requests: those that come earlier wait
   */
  serve(strategy: Answering, server: Promise<Server>): void {
    strategy.addHandler(RelayRequestV1.pattern, async (asked: RelayRequest) => this.answer(asked, await server), false);
    strategy.addHandler(OpenRelayV1.pattern, async (asked: OpenRelay) => this.begin(asked, await server), false);
    strategy.addHandler(RelayBodyV1.pattern, (piece: RelayBody) => this.uploads.take(piece), false);
    strategy.addHandler(
      EndRelayV1.pattern,
      async (items: EndRelay[]) => {
        for (const { exchangeId } of items) this.end(exchangeId);
      },
      true,
    );
    strategy.addHandler(
      PaceRelayV1.pattern,
      async (items: PaceRelay[]) => {
        for (const { exchangeId, isPaused } of items) this.paces[isPaused ? 'pause' : 'goOn'](exchangeId);
      },
      true,
    );
  }

  /** Commands come by another queue than requests: an end may be here first. */
  private end(exchangeId: string): void {
    this.paces.goOn(exchangeId);
    const request = this.open.get(exchangeId);
    if (request !== undefined) return void request.destroy();
    this.ended.add(exchangeId);
    const [oldest] = this.ended;
    if (this.ended.size > MAX_ENDED && oldest !== undefined) this.ended.delete(oldest);
  }

  /** Begins to ask for a client whose body follows. */
  private begin(asked: OpenRelay, server: Server): OpenRelayResponse {
    const { exchangeId, method, url, headers, bodyBytes } = asked;
    this.refuseEnded(exchangeId);
    const request = this.opened(exchangeId, openInMemory(server, { method, url, headers }, bodyBytes));
    this.uploads.begin(asked, request);
    let isAnswered = false;
    request.on('error', (error) => {
      if (isAnswered) return;
      this.logger.debug('relayed request was not answered', { exchangeId, url, error });
      void this.tellBroken(asked);
    });
    request.on('response', (response) => {
      isAnswered = true;
      const { statusCode = 502, headers: answered } = response;
      void this.follow(asked, request, response, { status: statusCode, headers: relayedHeaders(answered) });
    });
    request.flushHeaders();
    return { source: this.source };
  }

  private refuseEnded(exchangeId: string): void {
    if (this.ended.delete(exchangeId)) throw new Error('the client has gone');
  }

  private opened(exchangeId: string, request: ClientRequest): ClientRequest {
    this.open.set(exchangeId, request);
    return request.on('close', () => this.open.delete(exchangeId));
  }

  private async answer(asked: RelayRequest, server: Server): Promise<RelayResponse> {
    const { exchangeId, method, url, headers } = asked;
    this.refuseEnded(exchangeId);
    const body = Buffer.from(asked.body, 'base64');
    return new Promise((resolve, reject) => {
      const request = this.opened(exchangeId, askInMemory(server, { method, url, headers, body }));
      request.on('error', reject);
      request.on('response', (response) => {
        const isWhole = Number(response.headers['content-length'] ?? Infinity) <= MAX_WHOLE_BYTES;
        if (isWhole) this.whole(response).then(resolve, reject);
        else {
          resolve(this.head(response, '', true));
          void this.follow(asked, request, response);
        }
      });
    });
  }

  private async whole(response: IncomingMessage): Promise<RelayResponse> {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return this.head(response, Buffer.concat(chunks).toString('base64'), false);
  }

  /** Sends what comes, one message at a time: while the broker takes none, or the client has to read first, the application sees a slow reader. */
  private async follow(
    { exchangeId, replyQueue, url }: Pick<RelayRequest, 'exchangeId' | 'replyQueue' | 'url'>,
    request: ClientRequest,
    response: IncomingMessage,
    head?: RelayChunks['head'],
  ): Promise<void> {
    this.paces.begin(exchangeId);
    try {
      if (head !== undefined) await this.bus.send(RelayChunksV1, replyQueue, [{ exchangeId, head, data: '' }]);
      for await (const chunk of response) {
        for (const part of partsOf(chunk as Buffer)) {
          await this.paces.over(exchangeId);
          const data = part.toString('base64');
          await this.bus.send(RelayChunksV1, replyQueue, [{ exchangeId, data }]);
        }
      }
      await this.bus.send(RelayChunksV1, replyQueue, [{ exchangeId, data: '', end: 'complete' }]);
    } catch (error) {
      // The application broke it off, or the client's replica has gone with its queue.
      this.logger.debug('relayed response ended early', { exchangeId, url, error });
      request.destroy();
      await this.tellBroken({ exchangeId, replyQueue });
    } finally {
      this.paces.end(exchangeId);
      this.uploads.end(exchangeId);
    }
  }

  private async tellBroken({ exchangeId, replyQueue }: Pick<RelayRequest, 'exchangeId' | 'replyQueue'>): Promise<void> {
    await this.bus.send(RelayChunksV1, replyQueue, [{ exchangeId, data: '', end: 'broken' }]).catch(() => undefined);
  }

  private head(response: IncomingMessage, body: string, isContinued: boolean): RelayResponse {
    const { statusCode = 502, headers } = response;
    return {
      source: this.source,
      status: statusCode,
      headers: relayedHeaders(headers),
      body,
      isContinued,
      isPaced: isContinued,
    };
  }
}

/** What was written at once may be larger than a message should be. */
function* partsOf(chunk: Buffer): Iterable<Buffer> {
  for (let at = 0; at < chunk.length; at += MAX_WHOLE_BYTES) yield chunk.subarray(at, at + MAX_WHOLE_BYTES);
}
