import type { OutgoingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream';
import fastifyHttpProxy from '@fastify/http-proxy';
import {
  canonicalUrl,
  CLIENT_CONNECTIONS,
  HttpListener,
  type HttpListenerOptions,
  type OpenApiDocument,
  ownerOf,
  packageVersion,
  problem,
  type PublicService,
  sendProblem,
  servesHttps,
  sumOfDocuments,
  trustEverywhere,
} from '@tranche/http';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { RecordChunks } from './record-chunks.js';

/** Where a service is; undefined while it is not. */
export type Locate = (service: PublicService) => string | undefined;

/** What a request is sent to while its service is not there: nobody listens on the port of nothing. */
const NOWHERE = 'http://127.0.0.1:1';

/** Both APIs that have event streams. Everything else has its length and passes as it is. */
const MAY_STREAM_EVENTS = /^\/api\/v1(\/scheduler)?$/;

/**
 * The public address of a cluster of separate processes: one port, every request sent on to the service that owns its path.
 *
 * Records of event streams leave as one chunk each, as the service wrote them (docs/adr/0163-the-proxy-reframes-event-streams.md).
 */
export async function openProxy(locate: Locate): Promise<FastifyInstance> {
  const proxy = Fastify({
    forceCloseConnections: true,
    ...CLIENT_CONNECTIONS,
    bodyLimit: Number.MAX_SAFE_INTEGER,
  });
  const owner = (url: string): PublicService => ownerOf(canonicalUrl(url, 'cluster')) ?? 'registry';
  // The sum of what the services have; one that is away is left out.
  proxy.get('/openapi.json', async (_request, reply) =>
    reply.type('application/json').send(JSON.stringify(await publicDocument(locate))),
  );
  await proxy.register(fastifyHttpProxy, {
    upstream: '',
    httpMethods: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT', 'OPTIONS'],
    disableCache: true,
    disableRequestLogging: true,
    // A stream may be silent for as long as it likes, and a call may wait for its service.
    undici: { headersTimeout: 0, bodyTimeout: 0, pipelining: 1, connections: 1_024 },
    replyOptions: {
      getUpstream: (request) => locate(owner(request.raw.url ?? '/')) ?? NOWHERE,
      rewriteRequestHeaders: (request, headers) => ({ ...headers, host: request.headers.host ?? '' }),
      // A request may have had its effect: whoever sent it decides whether to send it again.
      retryDelay: () => null,
      onError: (reply, { error }) => {
        const service = owner(reply.request.raw.url ?? '/');
        unavailable(
          reply as FastifyReply,
          service,
          locate(service) === undefined ? 'it is not running' : textOf(error),
        );
      },
      onResponse: (request, reply, response) => {
        const { stream } = response as unknown as { stream: NodeJS.ReadableStream };
        const path = canonicalUrl(request.raw.url ?? '/', 'cluster').replace(/\?.*$/, '');
        const isWhole = reply.getHeader('content-length') !== undefined;
        if (isWhole) void (reply as FastifyReply).send(stream);
        else passOn(stream, reply as FastifyReply, MAY_STREAM_EVENTS.test(path));
      },
    },
  });
  return proxy;
}

/**
 * Sends on an answer that comes bit by bit. Its head leaves at once: who has started a session, or follows a log, waits for no more than that.
 *
 * The end of either side is the end of the other; its cause is nobody's fault here.
 */
function passOn(stream: NodeJS.ReadableStream, reply: FastifyReply, hasRecords: boolean): void {
  const { raw } = reply.hijack();
  raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  raw.flushHeaders();
  if (hasRecords) pipeline(stream, new RecordChunks(), raw, () => undefined);
  else pipeline(stream, raw, () => undefined);
}

/**
 * Has a proxy listen: by HTTPS where a certificate is given.
 *
 * @returns where, and what ends it
 * @throws NodeJS.ErrnoException EADDRINUSE when the port is taken, ConfigError when the files of TLS cannot be used
 */
export async function serveProxy(
  proxy: FastifyInstance,
  address: { readonly host: string; readonly port: number },
  options: HttpListenerOptions,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  trustEverywhere(options.tls, options);
  if (!servesHttps(options.tls)) return { url: await proxy.listen(address), close: () => proxy.close() };
  await proxy.ready();
  const listener = HttpListener.for((request, response) => proxy.routing(request, response), options);
  const url = await listener.listen(address);
  return { url, close: () => proxy.close().finally(() => listener.close()) };
}

async function publicDocument(locate: Locate): Promise<OpenApiDocument> {
  const services = ['registry', 'allocator', 'offers', 'quota'] as const;
  const documents = await Promise.all(
    services.map(async (service) => {
      const answer = await fetch(`${locate(service) ?? NOWHERE}/openapi.json`).catch(() => undefined);
      return answer?.ok === true ? [(await answer.json()) as OpenApiDocument] : [];
    }),
  );
  return sumOfDocuments(documents.flat(), packageVersion(import.meta.url));
}

const textOf = ({ cause, message }: Error): string => (cause instanceof Error ? cause.message : message);

function unavailable(reply: FastifyReply, service: PublicService, cause: string): void {
  const detail = `service ${service} does not answer: ${cause}`;
  if (reply.request.url.startsWith('/v1/')) {
    const more = { retryAfterSeconds: 1, hints: ['tranche doctor'] };
    sendProblem(reply, problem(503, 'service.away', 'Service away', detail, more));
    return;
  }
  void reply.code(503).header('retry-after', '1').type('text/plain; charset=utf-8').send(detail);
}
