import { Type } from 'typebox';
import { query, type ResponseOf } from '../../contract.js';

/** What have you counted? Answered by every service, partition, replica and agent about itself. */
export const ReadMetricsV1 = query({
  name: 'read-metrics',
  version: 1,
  owner: 'each',
  request: Type.Object({}),
  response: Type.Object({
    /** In the text format of Prometheus, as at `/metrics`. */
    text: Type.String(),
  }),
});
export type ReadMetricsAnswer = ResponseOf<typeof ReadMetricsV1>;
