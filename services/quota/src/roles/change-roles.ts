import { type RoleConfig, RoleConfigChangedV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { RoleConfigStore } from './role-config-store.port.js';
import type { RoleConfigs } from './role-configs.js';

/** Changes what is set for roles, one change at a time: stored first, then known here, then stated to the allocator. */
export class ChangeRoles {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly configs: RoleConfigs,
    private readonly store: RoleConfigStore,
    private readonly bus: Pick<MessageBus, 'publish'>,
  ) {}

  /**
   * @param decide says the new configurations of roles, with all earlier changes in what it sees
   * @returns what has changed, once it is safe
   * @throws PersistenceError when nothing was stored, and nothing has changed; what `decide` throws
   */
  execute(decide: (configs: RoleConfigs) => readonly RoleConfig[]): Promise<readonly RoleConfig[]> {
    const change = this.last.then(() => this.carryOut(decide(this.configs)));
    this.last = change.catch(() => undefined);
    return change;
  }

  private async carryOut(roles: readonly RoleConfig[]): Promise<readonly RoleConfig[]> {
    if (roles.length === 0) return roles;
    await this.store.save(roles);
    for (const role of roles) this.configs.put(role);
    this.bus.publish(
      RoleConfigChangedV1,
      roles.map((role) => ({ role })),
    );
    return roles;
  }
}
