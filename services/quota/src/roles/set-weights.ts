import { RoleConfigChangedV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { WeightChange } from './parse-weights.js';
import type { RoleConfigStore } from './role-config-store.port.js';
import type { RoleConfigs } from './role-configs.js';

/** Sets weights of roles: stored first, then known here, then stated to the allocator. */
export class SetWeights {
  constructor(
    private readonly configs: RoleConfigs,
    private readonly store: RoleConfigStore,
    private readonly bus: Pick<MessageBus, 'publish'>,
  ) {}

  /** Of a role that is named twice the last weight holds. @throws PersistenceError when nothing was stored, and nothing has changed */
  async execute(weights: readonly WeightChange[]): Promise<void> {
    const changed = new Map(weights.map(({ role, weight }) => [role, { ...this.configs.get(role), weight }]));
    if (changed.size === 0) return;
    await this.store.save([...changed.values()]);
    for (const role of changed.values()) this.configs.put(role);
    this.bus.publish(
      RoleConfigChangedV1,
      Array.from(changed.values(), (role) => ({ role })),
    );
  }
}
