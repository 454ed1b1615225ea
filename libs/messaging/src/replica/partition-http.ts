import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { partitionOf, partitionQueueOf, partitionsOf } from '@tranche/contracts';
import type { Logger } from '@tranche/telemetry';
import type { Listener } from './front.js';
import {
  type AnswerSink,
  type AskedRequest,
  type Collected,
  Collector,
  passInMemory,
  refuse,
} from './memory-exchange.js';
import type { RelayClient } from './relay-client.js';
import { relayedHeaders } from './relay-headers.js';
import { BodyTooLargeError, MAX_RELAYED_BYTES, wholeBody } from './bodies/relayed-body.js';
import { mergedAnswer, type Route, type Router, successfulBodies } from './router.js';

type RouteToAll = Extract<Route, { readonly to: 'all' }>;

/** The application of a partition that this replica works on. */
export interface LocalApp {
  readonly listener: Listener;
  readonly server: Server;
}

export interface PartitionHttpParts {
  readonly service: string;
  readonly count: number;
  readonly router: Router;
  readonly client: Pick<RelayClient, 'relay' | 'forward'>;
  readonly logger: Logger;
  /** By index. */
  readonly local: ReadonlyMap<number, LocalApp>;
}

/** Brings each request to the partitions that it is about, whichever replicas work on them. */
export class PartitionHttp {
  private turn = 0;

  constructor(private readonly parts: PartitionHttpParts) {}

  /** Never rejects: what goes wrong is the client's answer. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const head = { method, url, headers: relayedHeaders(request.headers) };
    const { router, logger } = this.parts;
    try {
      const route = router.byHead(head);
      const index = route === undefined ? undefined : this.single(route);
      if (index !== undefined) return await this.handOver(index, request, response);
      // Whoever decides by it, or passes it on, reads it as it came; the owner's application inflates what is compressed.
      const body = await wholeBody(request);
      await this.perform(route ?? router.byBody({ ...head, body }), { ...head, body }, response);
    } catch (error) {
      logger.info('request could not be answered', { url, error });
      refuse(response, error);
    }
  }

  /** The one partition that a request goes to; undefined: several, or it depends. */
  private single(route: Route): number | undefined {
    if (route.to === 'key') return partitionOf(route.key, this.parts.count);
    if (route.to !== 'any') return undefined;
    const { local, count } = this.parts;
    const own = [...local.keys()];
    this.turn++;
    return own[this.turn % own.length] ?? this.turn % count;
  }

  private async handOver(index: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { service, local, client } = this.parts;
    const app = local.get(index);
    if (app !== undefined) app.listener(request, response);
    else await client.relay(partitionQueueOf(service, index), request, response);
  }

  private async perform(route: Route, asked: AskedRequest, response: ServerResponse): Promise<void> {
    const index = this.single(route);
    if (index !== undefined) return this.pass(index, asked, response);
    if (route.to === 'all') return this.askAll(route, asked, response);
    let answer: Collected | undefined;
    for (const one of partitionsOf(this.parts.count)) {
      answer = await this.collect(one.index, asked);
      if (answer.status !== 404) break;
    }
    if (answer !== undefined) answerWith(response, answer);
  }

  private async askAll(route: RouteToAll, asked: AskedRequest, response: ServerResponse): Promise<void> {
    const { url = asked.url, stream } = route;
    // Only plain texts can be put together, and they must have an end.
    const { 'accept-encoding': _encodings, accept, ...others } = asked.headers;
    const headers = stream === undefined && accept !== undefined ? { ...others, accept } : others;
    const ask = (): Promise<Collected[]> =>
      Promise.all(partitionsOf(this.parts.count).map(({ index }) => this.collect(index, { ...asked, url, headers })));
    const answers = await ask();
    if (stream === undefined || answers.some(({ status }) => status !== 200)) {
      return answerWith(response, mergedAnswer(answers, route));
    }
    await stream(successfulBodies(answers), async () => successfulBodies(await ask()), response, this.parts.logger);
  }

  private async pass(index: number, asked: AskedRequest, sink: AnswerSink): Promise<void> {
    const { service, local, client } = this.parts;
    const app = local.get(index);
    if (app !== undefined) return passInMemory(app.server, asked, sink);
    await client.forward(partitionQueueOf(service, index), async () => fitting(asked), sink);
  }

  private async collect(index: number, asked: AskedRequest): Promise<Collected> {
    const collector = new Collector();
    await this.pass(index, asked, collector);
    return collector.collected;
  }
}

/** @throws BodyTooLargeError when the broker would not take it */
function fitting(asked: AskedRequest): AskedRequest {
  if (asked.body.length <= MAX_RELAYED_BYTES) return asked;
  throw new BodyTooLargeError(
    `a replica passes on bodies up to ${MAX_RELAYED_BYTES} bytes; this one has ${asked.body.length}`,
  );
}

function answerWith(response: ServerResponse, { status, headers, body }: Collected): void {
  response.writeHead(status, { ...headers, 'content-length': String(body.length) });
  response.end(body);
}
