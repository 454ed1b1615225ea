import type { LogRecord, SpanRecord } from './span.js';
import type { TraceFilter, TraceSummary } from './trace-ring.js';
import type { Tracer } from './tracer.js';

type SpanShape = Omit<SpanRecord, 'links' | 'sampled' | 'isMinor'> & {
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, string | number | boolean>;
};

/** What one service tells of a trace: the shape of `read-trace.v1`. */
export interface OwnPart {
  service: string;
  traceId?: string;
  spans: SpanShape[];
  logs: { spanId: string; timeMs: number; level: string; message: string; fields: Record<string, unknown> }[];
  dropped: number;
  completeSinceMs: number;
}

/** What a service still has of a trace. @param prefix trace id or the beginning of one */
export function ownPart(tracer: Tracer, prefix: string): OwnPart {
  const found = tracer.ring?.find(prefix);
  return {
    service: tracer.service,
    ...(found === undefined ? {} : { traceId: found.traceId }),
    spans: (found?.spans ?? []).map(spanOf),
    logs: (found?.logs ?? []).map(logOf),
    dropped: found?.dropped ?? 0,
    completeSinceMs: found?.completeSinceMs ?? tracer.ring?.completeSinceMs ?? Date.now(),
  };
}

/** The traces of which a service still has something, newest first. */
export const ownList = (
  tracer: Tracer,
  filter: TraceFilter,
): (TraceSummary & { attributes: SpanShape['attributes'] })[] =>
  (tracer.ring?.list(filter) ?? []).map((summary) => ({ ...summary, attributes: { ...summary.attributes } }));

const spanOf = ({ sampled: _sampled, isMinor: _isMinor, links, attributes, ...span }: SpanRecord): SpanShape => ({
  ...span,
  attributes: { ...attributes },
  links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
});

const logOf = ({ traceId: _traceId, fields, ...log }: LogRecord): OwnPart['logs'][number] => ({
  ...log,
  fields: { ...fields },
});
