import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AuthSettings, Setting } from '@tranche/config';
import {
  type Logger,
  METRICS_CONTENT_TYPE,
  type Metrics,
  observeProcess,
  preciseNowMs,
  silentTracer,
  type Tracer,
} from '@tranche/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from './auth/authenticate.js';
import { disableEndpoints } from './auth/firewall.js';
import { serveWhoami } from './auth/whoami.js';
import { checkQueries } from './check-queries.js';
import { repeatAnswers } from './idempotency/repeat-answers.js';
import { StoredRequests } from './idempotency/stored-requests.js';
import { checkPreconditions, tagResources } from './preconditions/check-preconditions.js';
import type { RequestStore } from './request-store.port.js';
import { CLIENT_CONNECTIONS } from './connections/client-connections.js';
import { discardRefusedBodies } from './connections/discard-refused-bodies.js';
import { inflateBodies } from './inflate-bodies.js';
import { HttpExceptionFilter } from './http-exception.filter.js';
import { packageCommit, packageVersion } from './build-version.js';
import { canonicalUrl, type PathKind, type PublicService } from './mesos-paths.js';
import { serveApiDocs } from './openapi/serve-api-docs.js';
import { StreamLists } from './streams/stream-lists.js';
import { tellBrokenAnswers } from './connections/tell-broken-answers.js';
import { traceRequests } from './trace-requests.js';
import { type DependencyState, describeSelf, shownDependencies } from './service-self.js';
import { serveSettings } from './settings.js';
import { ownTraces, serveTraces, type TraceSource } from './traces.js';

export interface HttpAppOptions {
  readonly service: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Makes the spans of requests. Default: there are none. */
  readonly tracer?: Tracer;
  /** What `/v1/traces` tells. Default: what the service itself has kept. */
  readonly traces?: TraceSource;
  /** Whose path forms to undo: `/master/…` of the public address or `/slave(1)/…` of an agent. */
  readonly paths: PathKind;
  /** Whom it answers. Default: everybody. */
  readonly auth?: AuthSettings;
  /** Larger bodies get 413. Default 64 MiB: an ACCEPT of ten thousand tasks fits. */
  readonly bodyLimitBytes?: number;
  /** `host:port` of the service that owns a path, for the 307 answer. */
  readonly locate?: (owner: PublicService) => string | undefined;
  /** Keeps answers and who changed what over restarts. Default: they are kept as long as the process lives. */
  readonly requests?: RequestStore;
  /** Every option with its value and origin. For `/v1/settings`. */
  readonly settings?: readonly Setting[];
  /** Those of another part of the cluster, by its id; undefined when there is none. Default: only the service's own are known. */
  readonly settingsOf?: (id: string) => Promise<readonly Setting[] | undefined>;
  /** Each dependency. For `/readyz`. */
  readonly readiness?: () => Promise<Readonly<Record<string, DependencyState>>>;
}

const DEFAULT_BODY_LIMIT_BYTES = 64 << 20;

/** An id has up to 255 bytes, each of which may be percent-encoded; Fastify's own limit of 100 would answer 404. */
const MAX_PARAM_LENGTH = 3 * 255;

/** Mesos compresses bodies from this size on. */
const GZIP_FROM_BYTES = 1024;

/**
 * A Nest application on Fastify with the rules that all our HTTP APIs share: raw bodies, Mesos' path forms, JSONP, gzip, 307 to other
 * services, health endpoints, errors in one form. It is initialised but does not listen.
 */
export async function createHttpApp(
  module: Type | DynamicModule,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const bodyLimitBytes = options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES;
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    ...CLIENT_CONNECTIONS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    rewriteUrl: (request: { url?: string }) => canonicalUrl(request.url ?? '/', options.paths),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  serveApiDocs(fastify, options.service, packageVersion(import.meta.url));
  takeRawBodies(fastify);
  inflateBodies(fastify, bodyLimitBytes);
  discardRefusedBodies(fastify);
  const tracer = options.tracer ?? silentTracer;
  traceRequests(fastify, tracer, options.metrics);
  if (options.auth !== undefined) {
    disableEndpoints(fastify, options.auth, options.paths);
    authenticate(fastify, options.auth, options.paths);
  }
  checkQueries(fastify);
  const stored = new StoredRequests(options.requests, options.logger);
  fastify.addHook('onClose', () => stored.settled());
  tagResources(fastify, { nowMs: preciseNowMs, stored });
  repeatAnswers(fastify, { nowMs: preciseNowMs, stored });
  checkPreconditions(fastify, { nowMs: preciseNowMs, stored });
  shapeJson(fastify);
  tellBrokenAnswers(fastify, options.logger);
  serveHealth(fastify, options);
  observeReadiness(options);
  observeProcess(options.metrics, {
    version: packageVersion(import.meta.url),
    commit: packageCommit(import.meta.url),
  });
  serveTraces(fastify, options, options.traces ?? ownTraces(tracer));
  serveSettings(fastify, options);
  describeSelf(app, options);
  serveWhoami(fastify, options);
  app.useGlobalInterceptors(new StreamLists(options.service, options.logger));
  app.useGlobalFilters(
    new HttpExceptionFilter({
      service: options.service,
      logger: options.logger,
      bodyLimitBytes,
      ...(options.locate ? { locate: options.locate } : {}),
    }),
  );
  return app;
}

/** Handlers read the content type and the bytes themselves: Mesos' rules differ from Fastify's. */
function takeRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // A stream of records, which may go on for hours: its handler reads it as it comes. `rawBody` is empty for it.
  fastify.addContentTypeParser('application/recordio', (_request, payload, done) => done(null, payload));
}

const gzipped = promisify<Buffer, Buffer>(gzip);

/** `?jsonp=NAME` on every GET that returns JSON, then gzip for large answers when the client takes it. */
function shapeJson(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string') return payload;
    const body = withJsonp(request, reply, payload);
    const accepts = request.headers['accept-encoding'];
    if (
      body.length < GZIP_FROM_BYTES ||
      typeof accepts !== 'string' ||
      !/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(accepts)
    ) {
      return body;
    }
    reply.header('content-encoding', 'gzip').removeHeader('content-length');
    return gzipped(Buffer.from(body));
  });
}

function withJsonp(request: FastifyRequest, reply: FastifyReply, payload: string): string {
  const { jsonp } = request.query as { jsonp?: unknown };
  const type = String(reply.getHeader('content-type') ?? '');
  // Fastify adds a charset to every text; clients compare JSON's type byte by byte.
  if (type.includes('json')) reply.header('content-type', type.replace(/; charset=utf-8$/, ''));
  if (request.method !== 'GET' || typeof jsonp !== 'string' || !type.startsWith('application/json')) return payload;
  const body = `${jsonp}(${payload});`;
  reply.header('content-type', 'text/javascript').removeHeader('content-length');
  return body;
}

function serveHealth(fastify: FastifyInstance, options: HttpAppOptions): void {
  fastify.get('/healthz', async () => ({ status: 'ok', service: options.service }));
  fastify.get('/readyz', async (_request, reply) => {
    const shown = shownDependencies((await options.readiness?.()) ?? {});
    return reply.code(shown.ready ? 200 : 503).send(shown);
  });
  fastify.get('/metrics', async (request, reply) => {
    const format = String(request.headers.accept).includes('application/openmetrics-text') ? 'openmetrics' : 'text';
    return reply.header('content-type', METRICS_CONTENT_TYPE[format]).send(await options.metrics.render(format));
  });
}

/** Each dependency of a service as `/readyz` tells it, asked at each scrape. */
function observeReadiness({ metrics, readiness }: HttpAppOptions): void {
  const ready: { set(labels: { dependency: string }, value: number): void } = metrics.gauge(
    'tranche_ready',
    'Whether the service has what it depends on: 1 yes, 0 no',
    ['dependency'],
    async () => {
      for (const [dependency, state] of Object.entries((await readiness?.()) ?? {})) {
        ready.set({ dependency }, typeof state === 'string' ? 0 : 1);
      }
    },
  );
}
