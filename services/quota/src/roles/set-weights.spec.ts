import type { RoleConfig } from '@tranche/contracts';
import { describe, expect, it } from 'vitest';
import type { RoleConfigStore } from './role-config-store.port.js';
import { RoleConfigs } from './role-configs.js';
import { ChangeRoles } from './change-roles.js';
import { SetWeights } from './set-weights.js';

class FakeStore implements RoleConfigStore {
  readonly saved: RoleConfig[] = [];
  isBroken = false;

  async load(): Promise<RoleConfig[]> {
    return this.saved;
  }

  async save(roles: readonly RoleConfig[]): Promise<void> {
    if (this.isBroken) throw new Error('disk full');
    this.saved.push(...roles);
  }
}

function quota() {
  const configs = new RoleConfigs();
  const store = new FakeStore();
  const stated: unknown[] = [];
  const bus = { publish: (_contract: unknown, items: readonly unknown[]) => stated.push(...items) };
  const rescinded: string[] = [];
  const offers = {
    hasFrameworks: (role: string) => role === 'busy',
    all: () => [{ offerId: 'o1' }, { offerId: 'o2' }],
    rescind: async (all: readonly { offerId: string }[]) => void rescinded.push(...all.map(({ offerId }) => offerId)),
  };
  const setWeights = new SetWeights(new ChangeRoles(configs, store, bus as never), offers as never);
  return { configs, store, stated, rescinded, setWeights };
}

describe('SetWeights', () => {
  it('stores, knows and states a weight beside the quota that the role has', async () => {
    const { configs, store, stated, setWeights } = quota();
    configs.put({ name: 'dev', limitsMilli: { cpus: 1_000 } });
    await setWeights.execute([{ role: 'dev', weight: 2 }]);
    const role = { name: 'dev', limitsMilli: { cpus: 1_000 }, weight: 2 };
    expect([configs.get('dev'), store.saved, stated]).toEqual([role, [role], [{ role }]]);
  });

  it('takes the last weight of a role that is named twice', async () => {
    const { configs, setWeights } = quota();
    await setWeights.execute([
      { role: 'a', weight: 2 },
      { role: 'a', weight: 3 },
    ]);
    expect(configs.all()).toEqual([{ name: 'a', weight: 3 }]);
  });

  it('changes nothing when it cannot be stored', async () => {
    const { configs, store, stated, setWeights } = quota();
    store.isBroken = true;
    await expect(setWeights.execute([{ role: 'a', weight: 2 }])).rejects.toThrow('disk full');
    expect([configs.all(), stated]).toEqual([[], []]);
  });

  it('takes all offers back when a framework is in one of the roles', async () => {
    const { rescinded, setWeights } = quota();
    await setWeights.execute([{ role: 'idle', weight: 2 }]);
    expect(rescinded).toEqual([]);
    await setWeights.execute([{ role: 'busy', weight: 2 }]);
    expect(rescinded).toEqual(['o1', 'o2']);
  });
});
