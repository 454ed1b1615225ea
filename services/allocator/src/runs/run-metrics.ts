import type { Metrics } from '@tranche/telemetry';
import type { RunReport } from './allocation-runner.js';

/** Counts and times allocation runs. */
export function runMetrics(metrics: Metrics): (report: RunReport) => void {
  metrics.gauge('tranche_allocator_active', 'Whether this allocator decides').set(1);
  const runs = metrics.counter('tranche_allocator_runs_total', 'Allocation runs by what caused them', ['trigger']);
  const durations = metrics.histogram('tranche_allocator_run_duration_seconds', 'Time of one allocation run');
  const given = metrics.counter('tranche_allocator_decisions_total', 'Decisions of allocation runs', ['code']);
  return (report) => {
    runs.inc({ trigger: report.trigger });
    durations.observe(report.durationMs / 1000);
    if (report.given > 0) given.inc({ code: 'given' }, report.given);
  };
}
