import { Type } from 'typebox';
import { query, type ResponseOf } from '../../contract.js';
import { ServicePart } from '../../records/service-part.js';

/** Who are you, and have you what you depend on? Answered by every service, partition, replica and agent about itself. */
export const DescribeServiceV1 = query({
  name: 'describe-service',
  version: 1,
  owner: 'each',
  request: Type.Object({}),
  response: ServicePart,
});
export type DescribeServiceAnswer = ResponseOf<typeof DescribeServiceV1>;
