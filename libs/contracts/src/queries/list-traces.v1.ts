import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../contract.js';
import { TraceSummary } from '../records/trace-part.js';

/** Which traces do you still have? Answered by every service and agent from memory, newest first. */
export const ListTracesV1 = query({
  name: 'list-traces',
  version: 1,
  owner: 'each',
  request: Type.Object({
    /** Only traces with a span at least this long, in milliseconds. */
    slowMs: Type.Optional(Type.Number()),
    /** Only traces with a failure. */
    error: Type.Optional(Type.Boolean()),
    limit: Type.Integer(),
  }),
  response: Type.Object({ service: Type.String(), traces: Type.Array(TraceSummary) }),
});
export type ListTraces = RequestOf<typeof ListTracesV1>;
export type ListTracesAnswer = ResponseOf<typeof ListTracesV1>;
