import type { AllocationEngine, RoleFigures } from '@tranche/allocation';
import type { RunReport } from './allocation-runner.js';

/** Mesos' histories hold this many values. */
const MAX_RUNS = 1_000;

const PERCENTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
  ['p9999', 0.9999],
] as const;

type Metrics = Record<string, number>;

/** Counts allocation runs under Mesos' names, and reads the engine for the rest. @source classic endpoints §6 */
export class AllocatorMetrics {
  private runs = 0;
  /** Newest last. */
  private readonly durations: number[] = [];
  private readonly latencies: number[] = [];

  constructor(private readonly engine: AllocationEngine) {}

  ran({ durationMs, waitedMs }: RunReport): void {
    this.runs++;
    push(this.durations, durationMs);
    push(this.latencies, waitedMs);
  }

  read(nowMs: number): Metrics {
    const metrics: Metrics = {
      'allocator/mesos/allocation_runs': this.runs,
      ...history('allocator/mesos/allocation_run_ms', this.durations, this.runs),
      ...history('allocator/mesos/allocation_run_latency_ms', this.latencies, this.runs),
    };
    for (const figures of this.engine.view.roles(nowMs)) Object.assign(metrics, roleMetrics(figures));
    return metrics;
  }
}

function push(values: number[], value: number): void {
  values.push(value);
  if (values.length > MAX_RUNS) values.shift();
}

/** A value that is measured again and again: the last one, and how the last thousand are spread. */
function history(name: string, values: readonly number[], count: number): Metrics {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  return {
    [name]: values.at(-1) ?? 0,
    [`${name}/count`]: count,
    [`${name}/min`]: sorted[0] ?? 0,
    [`${name}/max`]: sorted.at(-1) ?? 0,
    ...Object.fromEntries(PERCENTILES.map(([percentile, part]) => [`${name}/${percentile}`, at(part)])),
  };
}

function roleMetrics({ role, share, filters, guarantees, limits, held }: RoleFigures): Metrics {
  const metrics: Metrics = { [`allocator/mesos/offer_filters/roles/${role}/active`]: filters };
  if (share !== undefined) metrics[`allocator/mesos/roles/${role}/shares/dominant`] = share;
  const quota = `allocator/mesos/quota/roles/${role}/resources`;
  for (const [name, milli] of guarantees) metrics[`${quota}/${name}/guarantee`] = milli / 1000;
  for (const [name, milli] of limits) metrics[`${quota}/${name}/limit`] = milli / 1000;
  if (guarantees.isEmpty && limits.isEmpty) return metrics;
  for (const [name, milli] of held) metrics[`${quota}/${name}/offered_or_allocated`] = milli / 1000;
  return metrics;
}
