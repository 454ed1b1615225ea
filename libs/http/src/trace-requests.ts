import {
  ATTRIBUTE,
  type Metrics,
  parseTraceparent,
  preciseNowMs,
  runInSpan,
  type Span,
  type TraceContext,
  type Tracer,
} from '@tranche/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requestEnds } from './connections/request-ends.js';

/** Asked for every few seconds by probes, scrapers and viewers of traces: they would drown what they look at. */
const UNRECORDED = /^\/(healthz|readyz|metrics|v1\/traces)(\/|\?|$)/;

interface Request {
  readonly span: Span;
  readonly startMs: number;
  readonly route: string;
  isCounted: boolean;
}

/**
 * Every request is a span, below the client's `traceparent` if it sent one, and is counted; `Trace-Id` stands on every response.
 *
 * An event stream ends its span when it begins to stream: it may go on for days. Where the client has gone the span ends with the handler.
 */
export function traceRequests(fastify: FastifyInstance, tracer: Tracer, metrics: Metrics): void {
  const requests = new WeakMap<FastifyRequest, Request>();
  const edge = new HttpEdge(metrics);
  const whenOver = requestEnds(fastify);
  const over = (request: FastifyRequest, reply: FastifyReply): void => {
    const known = requests.get(request);
    if (known === undefined || known.isCounted) return;
    known.isCounted = true;
    edge.count(known, request.method, reply);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    const known = begin(request, tracer);
    requests.set(request, known);
    reply.header('trace-id', known.span.context.traceId);
    whenOver(request, reply, () => over(request, reply));
    const hijack = reply.hijack.bind(reply);
    reply.hijack = () => {
      over(request, reply);
      return hijack();
    };
    runInSpan(tracer, known.span, done);
  });
  // The body was read by the connection's own callbacks: what follows has to be brought back into the request's trace.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const known = requests.get(request);
    if (known === undefined) done();
    else runInSpan(tracer, known.span, done);
  });
}

function begin(request: FastifyRequest, tracer: Tracer): Request {
  const parent = parseTraceparent(textOf(request.headers['traceparent']));
  const route = request.routeOptions.url ?? 'none';
  const startMs = preciseNowMs();
  if (!tracer.isOn || UNRECORDED.test(request.url)) {
    return { span: unrecorded(parent ?? tracer.contextBelow(undefined)), startMs, route, isCounted: false };
  }
  const span = tracer.begin(`${request.method} ${route}`, parent, {
    kind: 'server',
    startMs,
    attributes: {
      [ATTRIBUTE.httpMethod]: request.method,
      [ATTRIBUTE.httpRoute]: route,
      [ATTRIBUTE.urlPath]: request.url.replace(/\?.*$/s, ''),
    },
  });
  return { span, startMs, route, isCounted: false };
}

/** Rate, errors and duration of requests. */
class HttpEdge {
  private readonly requests;
  private readonly durations;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter(
      'tranche_http_requests_total',
      'HTTP requests answered, by route, method and status code',
      ['route', 'method', 'code'],
    );
    this.durations = metrics.latency(
      'tranche_http_request_duration_seconds',
      'Time from a request to the end of its answer, or to the beginning of its stream',
      ['route'],
    );
  }

  count({ span, startMs, route }: Request, method: string, { statusCode }: FastifyReply): void {
    const endMs = preciseNowMs();
    span.set({ [ATTRIBUTE.httpStatus]: statusCode });
    if (statusCode >= 500) span.fail(`HTTP ${statusCode}`);
    span.end(endMs);
    this.requests.inc({ route, method, code: String(statusCode) });
    this.durations.observe({ route }, (endMs - startMs) / 1000, span.context.traceId);
  }
}

const unrecorded = (context: TraceContext): Span => ({
  context,
  set: () => undefined,
  fail: () => undefined,
  end: () => undefined,
  drop: () => undefined,
});

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
