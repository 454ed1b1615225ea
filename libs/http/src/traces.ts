import type { TraceList, TraceView } from '@tranche/contracts';
import { ownList, ownPart, type TraceFilter, type Tracer } from '@tranche/telemetry';
import type { FastifyInstance } from 'fastify';
import { malformed, unknown } from './problem.js';
import { ProblemError } from './problem.errors.js';
import { readFlag, type RequestQuery } from './query-flags.js';

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
  fastify.get('/v1/traces', async (request) => {
    return source.list(filterOf(request.query as RequestQuery));
  });
  fastify.get('/v1/traces/:traceId', async (request) => {
    const { traceId } = request.params as { traceId: string };
    if (!TRACE_ID.test(traceId)) {
      const message = 'must be a trace id or at least its first 8 digits, 0-9 and a-f';
      throw new ProblemError(malformed([{ path: 'traceId', message, value: traceId }]));
    }
    const found = await source.read(traceId);
    if (found !== undefined) return found;
    throw new ProblemError(unknown('trace', `no spans are kept of a trace ${traceId}, or of more than one`));
  });
}

/** The query as it was found right: see `checkQueries`. */
function filterOf(query: RequestQuery): ListedTraces {
  const { slow, limit = DEFAULT_TRACES, service } = query;
  return {
    limit: Number(limit),
    ...(slow === undefined ? {} : { slowMs: Number(slow) }),
    ...(readFlag(query, 'error') ? { error: true } : {}),
    ...(typeof service === 'string' ? { service } : {}),
  };
}
