import { Type } from 'typebox';
import { query, type ResponseOf } from '../contract.js';
import { TracePart } from '../records/trace-part.js';

/**
 * What do you still have of this trace? Answered by every service and agent from memory.
 *
 * Unknown trace: a part without spans. An id that several traces begin with is unknown.
 */
export const ReadTraceV1 = query({
  name: 'read-trace',
  version: 1,
  owner: 'each',
  request: Type.Object({
    /** Trace id, or the beginning of one. */
    traceId: Type.String(),
  }),
  response: TracePart,
});
export type ReadTraceAnswer = ResponseOf<typeof ReadTraceV1>;
