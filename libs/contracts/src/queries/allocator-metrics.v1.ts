import { Type } from 'typebox';
import { query } from '../contract.js';

/** What the allocator counts under Mesos' names: its runs, shares, quotas and filters. Asked by `registry`, which serves `/metrics/snapshot`. */
export const AllocatorMetricsV1 = query({
  name: 'allocator-metrics',
  version: 1,
  isRoutine: true,
  owner: 'allocator',
  request: Type.Object({}),
  response: Type.Object({
    /** By Mesos' name, `allocator/mesos/allocation_runs`. */
    metrics: Type.Record(Type.String(), Type.Number()),
  }),
});
