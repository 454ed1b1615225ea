import type { TraceContext } from '../trace-context.js';
import type { LogRecord, SpanAttributes, SpanKind, SpanRecord, TelemetrySink } from './span.js';
import { TraceRing } from './trace-ring.js';
import { randomHex } from './trace-ids.js';
import { preciseNowMs } from './wall-time.js';

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
  readonly links?: readonly TraceContext[];
  /** Default: now. */
  readonly startMs?: number;
  /** Tells something only when it failed or took long. */
  readonly isMinor?: boolean;
}

/** A span under way. */
export interface Span {
  /** What its children have as parent. */
  readonly context: TraceContext;
  set(attributes: SpanAttributes): void;
  /** It has failed; the first reason counts. */
  fail(reason: string): void;
  /** Over; what comes later is ignored. */
  end(endMs?: number): void;
  /** It never was: nothing of it is kept. */
  drop(): void;
}

/** Whether a trace that begins here is exported. @param traceId 32 hex digits */
export type Sampler = (traceId: string, parent: TraceContext | undefined) => boolean;

/** Everything that begins without a parent is exported, everything else as its parent is. */
export const parentBasedAlwaysOn: Sampler = (_traceId, parent) => parent?.sampled ?? true;

/**
 * Makes the spans of one service and hands them to its sinks when they end.
 *
 * Without sinks it is off: nothing is made, nothing is timed.
 */
export class Tracer {
  constructor(
    readonly service: string,
    private readonly sinks: readonly TelemetrySink[] = [],
    private readonly sampler: Sampler = parentBasedAlwaysOn,
  ) {}

  get isOn(): boolean {
    return this.sinks.length > 0;
  }

  /** What the service still has; undefined when it keeps nothing. */
  get ring(): TraceRing | undefined {
    return this.sinks.find((sink) => sink instanceof TraceRing);
  }

  /** A context for what begins here: with the given parent's trace, or a new one. */
  contextBelow(parent: TraceContext | undefined): TraceContext {
    const traceId = parent?.traceId ?? randomHex(32);
    return { traceId, spanId: randomHex(16), sampled: this.sampler(traceId, parent) };
  }

  /** @param parent undefined begins a trace */
  begin(name: string, parent: TraceContext | undefined, options: SpanOptions = {}): Span {
    if (!this.isOn) return new SilentSpan(parent ?? this.contextBelow(undefined));
    return new RecordedSpan(this, name, this.contextBelow(parent), parent?.spanId, options);
  }

  /** Tells of something that is over. */
  record(
    name: string,
    parent: TraceContext,
    options: SpanOptions & { readonly endMs: number; readonly error?: string },
  ): void {
    const span = this.begin(name, parent, options);
    if (options.error !== undefined) span.fail(options.error);
    span.end(options.endMs);
  }

  /** Sends what waits to be exported. Call it before the process ends. */
  async flush(): Promise<void> {
    for (const sink of this.sinks) await sink.flush?.();
  }

  finish(record: SpanRecord): void {
    for (const sink of this.sinks) sink.span(record);
  }

  log(record: LogRecord): void {
    for (const sink of this.sinks) sink.log(record);
  }
}

class SilentSpan implements Span {
  constructor(readonly context: TraceContext) {}

  set(): void {
    // Nothing is recorded.
  }

  fail(): void {
    // Nothing is recorded.
  }

  end(): void {
    // Nothing is recorded.
  }

  drop(): void {
    // Nothing is recorded.
  }
}

class RecordedSpan implements Span {
  private readonly startMs: number;
  private attributes: Record<string, SpanAttributes[string]> | undefined;
  private error: string | undefined;
  private isOver = false;

  constructor(
    private readonly tracer: Tracer,
    private readonly name: string,
    readonly context: TraceContext,
    private readonly parentSpanId: string | undefined,
    private readonly options: SpanOptions,
  ) {
    this.startMs = options.startMs ?? preciseNowMs();
  }

  set(attributes: SpanAttributes): void {
    this.attributes = { ...this.attributes, ...attributes };
  }

  fail(reason: string): void {
    this.error ??= reason;
  }

  drop(): void {
    this.isOver = true;
  }

  end(endMs = preciseNowMs()): void {
    if (this.isOver) return;
    this.isOver = true;
    const { context, parentSpanId, options, error } = this;
    this.tracer.finish({
      traceId: context.traceId,
      spanId: context.spanId,
      ...(parentSpanId === undefined ? {} : { parentSpanId }),
      name: this.name,
      kind: options.kind ?? 'internal',
      startMs: this.startMs,
      endMs: Math.max(endMs, this.startMs),
      attributes:
        this.attributes === undefined ? (options.attributes ?? {}) : { ...options.attributes, ...this.attributes },
      links: options.links ?? [],
      ...(error === undefined ? {} : { error }),
      sampled: context.sampled,
      isMinor: options.isMinor ?? false,
    });
  }
}

/** For processes that record nothing. */
export const silentTracer = new Tracer('none');
