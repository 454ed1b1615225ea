import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../contract.js';

/**
 * An operator ends a framework: its tasks are ended, what it holds is given back, and it can never come back.
 *
 * Asked by `registry`, whose address the call came to; goes to the partition of `offers` that the framework belongs to. Asked twice, the framework is
 * unknown.
 */
export const TeardownFrameworkV1 = query({
  name: 'teardown-framework',
  version: 1,
  owner: 'offers',
  request: Type.Object({ frameworkId: Type.String() }),
  response: Type.Object({
    /** Whether there was such a framework, which is not ended yet. */
    isKnown: Type.Boolean(),
  }),
});
export type TeardownFramework = RequestOf<typeof TeardownFrameworkV1>;
export type TornDown = ResponseOf<typeof TeardownFrameworkV1>;
