import type { LogRecord, SpanRecord, TelemetrySink } from '../tracing/span.js';
import type { TraceRing } from '../tracing/trace-ring.js';
import type { OtlpSettings } from './otlp.config.js';

/** Sends spans and log lines on, in batches, later. */
export interface OtlpExport {
  span(record: SpanRecord): void;
  log(record: LogRecord): void;
  /** Sends what waits. Never fails. */
  flush(): Promise<void>;
}

/** Records that wait while the exporters are being loaded. */
const MAX_EARLY = 10_000;

/** Of so many failed traces it is remembered that their later spans go out too. */
const MAX_FAILED = 10_000;

/**
 * What of a service's telemetry is exported: traces that are sampled, and of the others those that fail, from the beginning as far as the
 * ring still has it.
 */
export class OtlpSink implements TelemetrySink {
  /** Trace ids, oldest first. */
  private readonly failed = new Set<string>();
  private early: ((to: OtlpExport) => void)[] = [];
  private opened: OtlpExport | undefined;

  /**
   * @param opening settles when the exporters are there; what is made before waits, up to a bound
   * @param ring where the beginning of a failed trace is found
   */
  constructor(
    private readonly settings: Pick<OtlpSettings, 'exportsTraces' | 'exportsLogs'>,
    private readonly opening: Promise<OtlpExport>,
    private readonly ring: TraceRing | undefined,
  ) {
    void this.open();
  }

  span(record: SpanRecord): void {
    if (!this.settings.exportsTraces) return;
    const { traceId, sampled } = record;
    if (!sampled && !this.failed.has(traceId)) {
      if (record.error === undefined) return;
      this.remember(traceId);
      for (const before of this.ring?.find(traceId)?.spans ?? []) {
        if (before.spanId !== record.spanId && before.traceId === traceId) this.give((to) => to.span(before));
      }
    }
    this.give((to) => to.span(record));
  }

  log(record: LogRecord): void {
    if (this.settings.exportsLogs) this.give((to) => to.log(record));
  }

  async flush(): Promise<void> {
    await (await this.opening).flush();
  }

  private async open(): Promise<void> {
    const opened = await this.opening;
    for (const give of this.early) give(opened);
    this.early = [];
    this.opened = opened;
  }

  private give(how: (to: OtlpExport) => void): void {
    if (this.opened !== undefined) how(this.opened);
    else if (this.early.length < MAX_EARLY) this.early.push(how);
  }

  private remember(traceId: string): void {
    this.failed.add(traceId);
    const [oldest] = this.failed;
    if (this.failed.size > MAX_FAILED && oldest !== undefined) this.failed.delete(oldest);
  }
}
