import { Type } from 'typebox';
import { fact, type ItemOf } from '../contract.js';
import { RoleConfig } from '../records/role-config.js';

/** Quota or weight of a role was set or removed. Published by `quota` with the role's whole configuration. */
export const RoleConfigChangedV1 = fact({
  name: 'role.config-changed',
  version: 1,
  isTransient: true,
  owner: 'quota',
  item: Type.Object({ role: RoleConfig }),
});
export type RoleConfigChanged = ItemOf<typeof RoleConfigChangedV1>;
