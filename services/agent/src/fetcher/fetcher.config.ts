import { integerOption, optionalTextOption } from '@tranche/config';

/** Options of how URIs are fetched. */
export const fetcherOptions = {
  frameworksHome: optionalTextOption({
    name: 'AGENT_FRAMEWORKS_HOME',
    description: 'Folder that relative paths among the URIs of tasks begin in; without it they are refused',
  }),
  fetcherCacheSizeMb: integerOption({
    name: 'AGENT_FETCHER_CACHE_SIZE_MB',
    description: 'How much fetched files that tasks share may take; 0 keeps none',
    unit: 'MB',
    min: 0,
    default: 2_048,
  }),
  fetcherStallTimeoutMs: integerOption({
    name: 'AGENT_FETCHER_STALL_TIMEOUT_MS',
    description: 'A fetch that gets no byte for this long has failed',
    unit: 'ms',
    min: 1,
    default: 60_000,
  }),
  fetcherMaxSizeMb: integerOption({
    name: 'AGENT_FETCHER_MAX_SIZE_MB',
    description: 'Largest file that is fetched, and largest content of an archive; 0 sets no limit',
    unit: 'MB',
    min: 0,
    default: 0,
  }),
};
