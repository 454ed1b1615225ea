import type { Metrics } from '@tranche/telemetry';
import type { Gauge } from 'prom-client';
import type { ClusterState } from '../cluster-state.js';
import { FrameworkNames } from './framework-names.js';

/** Prometheus' view of what this service has in its books, read from them when it is scraped. */
export function exposeState(metrics: Metrics, state: ClusterState): void {
  const names = new FrameworkNames();
  const outstanding: Gauge<'framework'> = metrics.gauge(
    'tranche_offers_outstanding',
    'Offers that wait for an answer, by the name of their framework',
    ['framework'],
    () => {
      outstanding.reset();
      for (const { frameworkId, record } of state.frameworks.all()) {
        const count = state.offers.countOfFramework(frameworkId);
        if (record.state !== 'removed') outstanding.inc({ framework: names.labelOf(record.info.name) }, count);
      }
    },
  );
  const frameworks: Gauge<'state'> = metrics.gauge('tranche_frameworks', 'Frameworks by state', ['state'], () => {
    frameworks.reset();
    for (const { record } of state.frameworks.all()) frameworks.inc({ state: record.state });
  });
  const tasks: Gauge<'state'> = metrics.gauge(
    'tranche_tasks',
    'Tasks whose end is not acknowledged, by state',
    ['state'],
    () => {
      tasks.reset();
      for (const { record } of state.tasks.allPresent()) tasks.inc({ state: record.state });
    },
  );
  const unacknowledged: Gauge = metrics.gauge(
    'tranche_task_updates_unacknowledged',
    'Tasks whose newest status was passed on to their framework and not acknowledged by it',
    [],
    () => {
      let count = 0;
      for (const { forwardedUuid, acknowledgedUuid } of state.tasks.allPresent()) {
        if (forwardedUuid !== undefined && forwardedUuid !== acknowledgedUuid) count += 1;
      }
      unacknowledged.set(count);
    },
  );
}
