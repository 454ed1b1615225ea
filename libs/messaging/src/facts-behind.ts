import type { Metrics } from '@tranche/telemetry';

/** Of each process's or life's metrics, how far it is behind each queue that facts come from. */
const followed = new WeakMap<Metrics, Map<string, () => number>>();

/**
 * Shows how many facts of a source were heard of and are not applied yet: they came after one that was missed, and wait for a snapshot.
 *
 * @param source the source's queue; a later follower of the same one takes the place of the former
 */
export function exposeFactsBehind(metrics: Metrics, source: string, behind: () => number): void {
  const sources = followed.get(metrics) ?? new Map<string, () => number>();
  sources.set(source, behind);
  if (followed.has(metrics)) return;
  followed.set(metrics, sources);
  const gauge = metrics.gauge(
    'tranche_facts_behind',
    'Facts of another service that were heard of and wait for a snapshot, since one before them was missed',
    ['source'],
    () => {
      for (const [name, count] of sources) gauge.set({ source: name }, count());
    },
  );
}
