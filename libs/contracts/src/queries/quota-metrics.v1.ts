import { Type } from 'typebox';
import { query } from '../contract.js';

/** What `quota` knows under Mesos' names: what counts against quotas. Asked by `registry`, which serves `/metrics/snapshot`. */
export const QuotaMetricsV1 = query({
  name: 'quota-metrics',
  version: 1,
  isRoutine: true,
  owner: 'quota',
  request: Type.Object({}),
  response: Type.Object({
    /** By Mesos' name, `allocator/mesos/quota/roles/web/resources/cpus/consumed`. */
    metrics: Type.Record(Type.String(), Type.Number()),
  }),
});
