import type { TraceList, TraceView } from '@tranche/contracts';
import { ownList, ownPart, type TraceFilter, type Tracer } from '@tranche/telemetry';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Fault, malformed, type Problem, unknown } from './problem.js';

/** A list has at most this many traces. */
const MAX_TRACES = 1_000;
const DEFAULT_TRACES = 50;

/** Shorter beginnings of an id are met by chance. */
const TRACE_ID = /^[0-9a-f]{8,32}$/;

export interface ListedTraces extends TraceFilter {
  /** Only those that this service has spans of. */
  readonly service?: string;
}

/** Where `/v1/traces` of a service comes from. */
export interface TraceSource {
  /** @returns undefined when nothing is kept of the trace, or when several begin so */
  read(traceId: string): Promise<TraceView | undefined>;
  list(filter: ListedTraces): Promise<TraceList>;
}

/** What a service has kept itself. */
export const ownTraces = (tracer: Tracer): TraceSource => ({
  read: async (traceId) => {
    const part = ownPart(tracer, traceId);
    return part.traceId === undefined ? undefined : { traceId: part.traceId, parts: [part] };
  },
  list: async ({ service, ...filter }) => ({
    items:
      service === undefined || service === tracer.service
        ? ownList(tracer, filter).map((trace) => ({ ...trace, services: [tracer.service] }))
        : [],
    missing: [],
  }),
});

/** `GET /v1/traces`, `GET /v1/traces/ID`. */
export function serveTraces(fastify: FastifyInstance, source: TraceSource): void {
  fastify.get('/v1/traces', async (request, reply) => {
    const query = request.query as Record<string, string | undefined>;
    const faults: Fault[] = [];
    const filter = filterOf(query, faults);
    if (faults.length > 0) return sendProblem(reply, malformed(faults));
    return source.list(filter);
  });
  fastify.get('/v1/traces/:traceId', async (request, reply) => {
    const { traceId } = request.params as { traceId: string };
    if (!TRACE_ID.test(traceId)) {
      const message = 'must be a trace id or at least its first 8 digits, 0-9 and a-f';
      return sendProblem(reply, malformed([{ path: 'traceId', message, value: traceId }]));
    }
    const found = await source.read(traceId);
    return (
      found ?? sendProblem(reply, unknown('trace', `no spans are kept of a trace ${traceId}, or of more than one`))
    );
  });
}

function filterOf(query: Readonly<Record<string, string | undefined>>, faults: Fault[]): ListedTraces {
  const slowMs = numberOf(query, 'slow', faults);
  const limit = numberOf(query, 'limit', faults) ?? DEFAULT_TRACES;
  if (limit < 1 || limit > MAX_TRACES)
    faults.push({ path: 'limit', message: `must be 1 to ${MAX_TRACES}`, value: limit });
  const { error, service } = query;
  if (error !== undefined && error !== 'true' && error !== 'false') {
    faults.push({ path: 'error', message: 'must be true or false', value: error });
  }
  return {
    limit,
    ...(slowMs === undefined ? {} : { slowMs }),
    ...(error === 'true' ? { error: true } : {}),
    ...(service === undefined ? {} : { service }),
  };
}

function numberOf(
  query: Readonly<Record<string, string | undefined>>,
  name: string,
  faults: Fault[],
): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) faults.push({ path: name, message: 'must be a number ≥ 0', value: text });
  return Number(text);
}

const sendProblem = (reply: FastifyReply, found: Problem): FastifyReply =>
  reply.code(found.status).header('content-type', 'application/problem+json').send(JSON.stringify(found));
