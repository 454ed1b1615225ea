import type { TraceList, TraceView } from '@tranche/contracts';
import { type Logger, ownList, ownPart, type TraceFilter, type Tracer } from '@tranche/telemetry';
import type { FastifyInstance } from 'fastify';
import { demand, permitsOf } from './auth/permits.js';
import { malformed, unknown } from './problem.js';
import { ProblemError } from './problem.errors.js';
import type { ListQuery } from './lists/list-faults.js';
import { ListRequest } from './lists/list-request.js';
import { LISTS } from './lists/lists.js';
import { readFlag, type RequestQuery } from './query-flags.js';
import { answerList, sourceOf } from './streams/stream-lists.js';

/** So many of the newest are looked through. */
const MAX_TRACES = 1_000;

/** Shorter beginnings of an id are met by chance. */
const TRACE_ID = /^[0-9a-f]{8,32}$/;

export interface ListedTraces extends TraceFilter {
  /** Only those that this service has spans of. */
  readonly service?: string;
}

/** Newest first, and the services that did not answer. */
export type FoundTraces = Pick<TraceList, 'items' | 'missing'>;

/** Where `/v1/traces` of a service comes from. */
export interface TraceSource {
  /** @returns undefined when nothing is kept of the trace, or when several begin so */
  read(traceId: string): Promise<TraceView | undefined>;
  list(filter: ListedTraces): Promise<FoundTraces>;
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

/** `GET /v1/traces`, `GET /v1/traces/ID`: they have lines of the services' logs, and are for who may read those. */
export function serveTraces(
  fastify: FastifyInstance,
  { service, logger }: { readonly service: string; readonly logger: Logger },
  source: TraceSource,
): void {
  const counted = { source: sourceOf(service), logger };
  fastify.get('/v1/traces', (request, reply) =>
    answerList(counted, request, reply, async () => {
      demand(permitsOf(request), ['access_mesos_logs']);
      return listTraces(request.query as ListQuery, source);
    }),
  );
  fastify.get('/v1/traces/:traceId', async (request) => {
    demand(permitsOf(request), ['access_mesos_logs']);
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

async function listTraces(query: ListQuery, source: TraceSource): Promise<TraceList> {
  const list = new ListRequest(query, LISTS.traces);
  // In their own order nothing behind the page is of interest.
  const isOwnOrder = list.order.name === '' && list.after === undefined && !list.isCounted;
  const { items, missing } = await source.list({
    limit: isOwnOrder ? list.limit + 1 : MAX_TRACES,
    ...filterOf(query),
  });
  const entries = items.map((entry) => ({ entry, rank: -entry.endMs, key: entry.traceId }));
  const asOf = items.reduce((newest, { endMs }) => Math.max(newest, Math.trunc(endMs)), 0);
  return { ...list.page(entries, asOf, (trace) => trace), missing };
}

function filterOf(query: RequestQuery): Omit<ListedTraces, 'limit'> {
  const { slow, service } = query;
  return {
    ...(slow === undefined ? {} : { slowMs: Number(slow) }),
    ...(readFlag(query, 'error') ? { error: true } : {}),
    ...(typeof service === 'string' ? { service } : {}),
  };
}
