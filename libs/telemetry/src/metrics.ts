import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Latencies of 1 ms to 10 s. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How long something takes, with the trace of one observation in each bucket as its exemplar. */
export interface Latency<L extends string> {
  /** @param traceId 32 hex digits; undefined leaves the exemplar as it is */
  observe(labels: Partial<Record<L, string>>, seconds: number, traceId?: string): void;
}

/** Both text formats that Prometheus reads. Only OpenMetrics has exemplars. */
export const METRICS_CONTENT_TYPE = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const;
export type MetricsFormat = keyof typeof METRICS_CONTENT_TYPE;

/** The metrics of one service: names and meanings as docs/metrics.md lists them. One registry a service, also in one process. */
export class Metrics {
  readonly registry = new Registry<typeof METRICS_CONTENT_TYPE.text | typeof METRICS_CONTENT_TYPE.openmetrics>();
  private rendering: Promise<unknown> = Promise.resolve();

  /** @param partition of the service's work, when that is cut: all metrics are labelled with its index */
  constructor(
    readonly service: string,
    partition?: number,
  ) {
    this.registry.setDefaultLabels({ service, ...(partition === undefined ? {} : { partition: String(partition) }) });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    collect?: () => void | Promise<void>,
  ): Gauge<L> {
    return new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      ...(collect ? { collect } : {}),
    });
  }

  /** Buckets in seconds. */
  histogram<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets: readonly number[] = LATENCY_BUCKETS,
  ): Histogram<L> {
    return new Histogram({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [this.registry],
    });
  }

  /** A histogram of seconds with exemplars. */
  latency<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Latency<L> {
    const histogram = new Histogram<L>({
      name,
      help,
      labelNames: [...labelNames],
      buckets: [...LATENCY_BUCKETS],
      // Registered by hand: prom-client refuses exemplars in a registry that is not for OpenMetrics alone.
      registers: [],
      enableExemplars: true,
    });
    this.registry.registerMetric(histogram);
    return {
      observe: (labels, value, traceId) =>
        histogram.observe({
          labels,
          value,
          // prom-client types an exemplar's labels as the metric's own.
          exemplarLabels: (traceId === undefined ? {} : { trace_id: traceId }) as Partial<Record<L, string>>,
        }),
    };
  }

  /** What a counter has counted, under all its labels; 0: there is none of that name. */
  async totalOf(counter: string): Promise<number> {
    const counted = await this.registry.getSingleMetric(counter)?.get();
    return counted?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
  }

  /**
   * All metrics as text.
   *
   * One rendering at a time: for OpenMetrics prom-client takes `_total` off the counters' names and leaves them so.
   */
  render(format: MetricsFormat = 'text'): Promise<string> {
    const rendered = this.rendering.then(() => this.renderAs(format));
    this.rendering = rendered.catch(() => undefined);
    return rendered;
  }

  private async renderAs(format: MetricsFormat): Promise<string> {
    const named = this.registry.getMetricsAsArray().map((metric) => ({ metric, name: metric.name }));
    this.registry.setContentType(METRICS_CONTENT_TYPE[format]);
    try {
      return await this.registry.metrics();
    } finally {
      for (const { metric, name } of named) Object.assign(metric, { name });
    }
  }
}

/** Metrics of several parts of one process as one text. Their labels tell them apart; what has the same labels is added up. */
export async function renderTogether(all: readonly Metrics[]): Promise<string> {
  const [only, ...more] = all;
  if (only !== undefined && more.length === 0) return only.render();
  const listed = await Promise.all(all.map(({ registry }) => registry.getMetricsAsJSON()));
  return AggregatorRegistry.aggregate(listed).metrics();
}
