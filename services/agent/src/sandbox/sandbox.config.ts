import { booleanOption, integerOption } from '@tranche/config';

/** Options of how long sandboxes are kept, and what may be in them. */
export const sandboxOptions = {
  gcDelayMs: integerOption({
    name: 'AGENT_GC_DELAY_MS',
    description: 'How long the sandbox of an ended task is kept on an empty disk',
    unit: 'ms',
    min: 0,
    default: 7 * 24 * 60 * 60_000,
  }),
  gcDiskHeadroomPercent: integerOption({
    name: 'AGENT_GC_DISK_HEADROOM_PERCENT',
    description: 'Part of the disk that is to stay free: the fuller the rest, the earlier sandboxes are removed',
    unit: '%',
    min: 0,
    max: 100,
    default: 10,
  }),
  diskWatchIntervalMs: integerOption({
    name: 'AGENT_DISK_WATCH_INTERVAL_MS',
    description: 'How often it is looked which sandboxes are to be removed',
    unit: 'ms',
    min: 1,
    default: 60_000,
  }),
  containerDiskWatchIntervalMs: integerOption({
    name: 'AGENT_CONTAINER_DISK_WATCH_INTERVAL_MS',
    description: 'How often it is measured what tasks take on disk',
    unit: 'ms',
    min: 1,
    default: 15_000,
  }),
  enforceContainerDiskQuota: booleanOption({
    name: 'AGENT_ENFORCE_CONTAINER_DISK_QUOTA',
    description: 'Whether a task that takes more disk than it has is ended',
    default: false,
  }),
  maxCompletedExecutors: integerOption({
    name: 'AGENT_MAX_COMPLETED_EXECUTORS_PER_FRAMEWORK',
    description: 'How many ended tasks of one framework are shown, the newest',
    min: 0,
    default: 150,
  }),
};
