import { Type } from 'typebox';
import { query, type ResponseOf } from '../contract.js';
import { FactNumbers } from '../records/fact-numbers.js';
import { RoleConfig } from '../records/role-config.js';

/** All roles with a quota or a weight, for a consumer that starts or has missed a fact. */
export const QuotaSnapshotV1 = query({
  name: 'quota-snapshot',
  version: 1,
  owner: 'quota',
  request: Type.Object({}),
  response: Type.Object({ asOf: FactNumbers, roles: Type.Array(RoleConfig) }),
});
export type QuotaSnapshot = ResponseOf<typeof QuotaSnapshotV1>;
