import { AsyncLocalStorage } from 'node:async_hooks';
import { newTrace, type TraceContext } from './trace-context.js';
import type { Span, SpanOptions, Tracer } from './tracing/tracer.js';
import { silentTracer } from './tracing/tracer.js';
import { randomHex } from './tracing/trace-ids.js';

/** What the code of the current message or request belongs to. */
interface ActiveContext {
  readonly tracer: Tracer;
  /** Undefined between a service's start and its first message. */
  readonly trace: TraceContext | undefined;
  /** The innermost span, when it is one of this process. */
  readonly span?: Span;
}

const storage = new AsyncLocalStorage<ActiveContext>();

/** Runs a service: what it does by itself, by timers for one, is recorded by its tracer. */
export const runWithTracer = <T>(tracer: Tracer, run: () => T): T => storage.run({ tracer, trace: undefined }, run);

/** Runs a handler with its trace: log lines, spans and messages made inside belong to it. */
export const runInTrace = <T>(trace: TraceContext, run: () => T): T =>
  storage.run({ tracer: activeTracer(), trace }, run);

/** Runs inside a span that somebody else ends. @param tracer the span's */
export const runInSpan = <T>(tracer: Tracer, span: Span, run: () => T): T =>
  storage.run({ tracer, trace: span.context, span }, run);

/** The trace of the message or request being handled; undefined outside of one. */
export const activeTrace = (): TraceContext | undefined => storage.getStore()?.trace;

/** The tracer of the service whose code runs; one that records nothing where nobody has said. */
export const activeTracer = (): Tracer => storage.getStore()?.tracer ?? silentTracer;

/** The innermost span around the running code, to add attributes to; undefined when there is none of this process. */
export const activeSpan = (): Span | undefined => storage.getStore()?.span;

/** The trace of what is being done and who records it; undefined outside of a trace, and where nothing is recorded. */
export function activeRecording(): { readonly tracer: Tracer; readonly trace: TraceContext } | undefined {
  const active = storage.getStore();
  if (active?.trace === undefined || !active.tracer.isOn) return undefined;
  return active as { readonly tracer: Tracer; readonly trace: TraceContext };
}

/** A new trace with ids from the system's random source. */
export const beginTrace = (): TraceContext => newTrace(randomHex);

/**
 * Runs something as a span below the active one. Ends with it; when it throws or rejects, the span has failed.
 *
 * Costs nothing to speak of where nothing is recorded, or outside of a trace.
 */
export function inSpan<T>(name: string, options: SpanOptions, run: (span: Span | undefined) => T): T {
  const active = storage.getStore();
  if (active?.trace === undefined || !active.tracer.isOn) return run(undefined);
  const { tracer } = active;
  const span = tracer.begin(name, active.trace, options);
  return storage.run({ tracer, trace: span.context, span }, () => endedBy(span, () => run(span)));
}

/** Ends a span with what is done in it, at once or when its promise settles. */
export function endedBy<T>(span: Span, run: () => T): T {
  try {
    const result = run();
    if (!(result instanceof Promise)) {
      span.end();
      return result;
    }
    return result.then(
      (value: unknown) => {
        span.end();
        return value;
      },
      (error: unknown) => {
        span.fail(reasonOf(error));
        span.end();
        throw error;
      },
    ) as T;
  } catch (error) {
    span.fail(reasonOf(error));
    span.end();
    throw error;
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
