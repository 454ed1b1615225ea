import { Type } from 'typebox';
import { query, type ResponseOf } from '../contract.js';

const Counted = Type.Object({
  /** By Mesos' name, `master/messages_kill_task`. Those of several partitions are added up. */
  metrics: Type.Record(Type.String(), Type.Number()),
});

/** What `offers` counts under Mesos' names: calls, events, offers and operations. Asked by `registry`, which serves `/metrics/snapshot`. */
export const OffersMetricsV1 = query({
  name: 'offers-metrics',
  version: 1,
  owner: 'offers',
  request: Type.Object({}),
  response: Counted,
});

/** What the allocator counts under Mesos' names: its runs, shares, quotas and filters. */
export const AllocatorMetricsV1 = query({
  name: 'allocator-metrics',
  version: 1,
  owner: 'allocator',
  request: Type.Object({}),
  response: Counted,
});
export type MesosMetrics = ResponseOf<typeof OffersMetricsV1>;
