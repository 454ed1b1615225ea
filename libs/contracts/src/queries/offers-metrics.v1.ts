import { Type } from 'typebox';
import { query, type ResponseOf } from '../contract.js';

/** What `offers` counts under Mesos' names: calls, events, offers and operations. Asked by `registry`, which serves `/metrics/snapshot`. */
export const OffersMetricsV1 = query({
  name: 'offers-metrics',
  version: 1,
  isRoutine: true,
  owner: 'offers',
  request: Type.Object({}),
  response: Type.Object({
    /** By Mesos' name, `master/messages_kill_task`. Those of several partitions are added up. */
    metrics: Type.Record(Type.String(), Type.Number()),
  }),
});
export type MesosMetrics = ResponseOf<typeof OffersMetricsV1>;
