import type { RoleConfig } from '@tranche/contracts';

/** Where role configurations are kept. */
export interface RoleConfigStore {
  load(): Promise<RoleConfig[]>;

  /**
   * Stores all of them or none.
   *
   * @returns when they are safe
   * @throws PersistenceError when the database does not take them
   */
  save(roles: readonly RoleConfig[]): Promise<void>;
}
