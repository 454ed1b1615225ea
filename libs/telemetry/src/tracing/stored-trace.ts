import { formatTraceparent, parseTraceparent, type TraceContext } from '../trace-context.js';
import { randomHex } from './trace-ids.js';

/** What is kept of a trace with a thing that outlives requests and processes: a task, for hours. */
export interface StoredTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Whole context; absent in what was stored before it was kept. */
  readonly traceparent?: string;
}

/** The context that everything about the thing is below. */
export const contextOfStored = ({ traceId, traceparent }: StoredTrace): TraceContext =>
  parseTraceparent(traceparent) ?? { traceId, spanId: randomHex(16), sampled: true };

/** @param active the trace in which the thing comes into being, when that is the given one */
export const storedTrace = (traceId: string, active: TraceContext | undefined): StoredTrace =>
  active?.traceId === traceId ? { traceId, traceparent: formatTraceparent(active) } : { traceId };
