import { partitionsOf } from '@tranche/contracts';
import type { Metrics } from '@tranche/telemetry';
import type { Gauge } from 'prom-client';

const WORKS = 'Whether this replica is one that works on a queue';

export interface Owned {
  readonly service: string;
  /** Into how many partitions the service is cut. */
  readonly count: number;
  /** By index, what this replica works on. */
  readonly local: ReadonlyMap<number, unknown>;
}

/** `tranche_offers_active`: whether this replica works; of a service that is cut also on which partitions. */
export function showOwned(metrics: Metrics, { service, count, local }: Owned): void {
  const active: Gauge = metrics.gauge(`tranche_${service}_active`, WORKS, [], () => active.set(local.size > 0 ? 1 : 0));
  if (count === 1) return;
  const owned: Gauge<'partition'> = metrics.gauge(
    'tranche_partition_active',
    'Whether this replica works on the partition',
    ['partition'],
    () => {
      for (const { index } of partitionsOf(count)) owned.set({ partition: String(index) }, local.has(index) ? 1 : 0);
    },
  );
}

/** The same of a life that works on all of its service, and shows its metrics alone. A service that shows it itself shows it while it works. */
export function showWorking(metrics: Metrics, service: string): void {
  const name = `tranche_${service}_active`;
  if (metrics.registry.getSingleMetric(name) === undefined) metrics.gauge(name, WORKS).set(1);
}
