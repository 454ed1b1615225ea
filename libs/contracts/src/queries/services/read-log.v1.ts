import { Type } from 'typebox';
import { query, type ResponseOf } from '../../contract.js';
import { LogLineRecord } from '../../records/service-part.js';

/** What have you said last? Answered by every service, partition, replica and agent from the memory of its process, oldest line first. */
export const ReadLogV1 = query({
  name: 'read-log',
  version: 1,
  owner: 'each',
  request: Type.Object({}),
  response: Type.Object({ lines: Type.Array(LogLineRecord) }),
});
export type ReadLogAnswer = ResponseOf<typeof ReadLogV1>;
