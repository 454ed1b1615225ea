import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, type Gauge } from 'prom-client';
import type { Metrics } from './metrics.js';

const NANOS = 1e9;

/** Finer than the delays that matter. Each measure wakes the process: at Node's 10 ms that is most of what a service does that has nothing to do. */
const RESOLUTION_MS = 100;

let delays: ReturnType<typeof monitorEventLoopDelay> | undefined;

/** What a process was built from; a commit that nobody has written down is `unknown`. */
export interface Build {
  readonly version: string;
  readonly commit: string;
}

/**
 * What the process itself tells: its build, how late its event loop is, and Node's standard metrics.
 *
 * Services that share a process show the same figures.
 */
export function observeProcess(metrics: Metrics, build: Build): void {
  metrics
    .gauge('tranche_build_info', 'Always 1; the labels say what is running', ['version', 'commit'])
    .set({ ...build }, 1);
  const lag: Gauge = metrics.gauge(
    'tranche_event_loop_lag_seconds',
    'How much later than asked timers run: 99th percentile since the process started',
    [],
    () => lag.set(lateness()),
  );
  lateness();
  collectDefaultMetrics({ register: metrics.registry, eventLoopMonitoringPrecision: RESOLUTION_MS });
}

function lateness(): number {
  if (delays === undefined) {
    delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delays.enable();
  }
  return Math.max(0, delays.percentile(99) / NANOS - RESOLUTION_MS / 1_000);
}
