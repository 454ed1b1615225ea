import { systemClock } from '@tranche/telemetry';
import type { DiskWatch } from './du.isolator.js';
import { measureDisk } from './measure-disk.js';

/** How often a container's disk use is measured when nobody says otherwise. @source Mesos 1.11: container_disk_watch_interval */
const DEFAULT_INTERVAL_MS = 15_000;

/** What the operator asks for, else measuring without consequences. */
export const diskWatchOf = ({ disk }: { readonly disk?: Partial<DiskWatch> }): DiskWatch => ({
  measure: measureDisk,
  intervalMs: DEFAULT_INTERVAL_MS,
  enforces: false,
  clock: systemClock,
  ...disk,
});
