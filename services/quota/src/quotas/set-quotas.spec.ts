import type { RoleConfig } from '@tranche/contracts';
import { Quantities } from '@tranche/resources';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChangeRoles } from '../roles/change-roles.js';
import { RoleConfigs } from '../roles/role-configs.js';
import { obstacleText, type QuotaObstacle } from './check-quotas.js';
import { offersToRescind, type OutstandingOffer } from './offers-to-rescind.js';
import { SetQuotas } from './set-quotas.js';

const quota = (role: string, guarantee: Record<string, number>, limit: Record<string, number> = {}) => ({
  role,
  guaranteesMilli: guarantee,
  limitsMilli: limit,
});

const offer = (offerId: string, role: string, agentId: string, cpus: number): OutstandingOffer => ({
  ...{ offerId, role, agentId, frameworkId: `of-${role}` },
  offered: Quantities.fromNumbers({ cpus }),
});

let configs: RoleConfigs;
let saved: RoleConfig[];
let stated: unknown[];
let consumed: Record<string, Quantities>;
let offers: OutstandingOffer[];
let rescinded: string[];
/** What happened, in its order. */
let steps: string[];
let whenMarked: () => void;
let quotas: SetQuotas;

beforeEach(() => {
  configs = new RoleConfigs();
  saved = [];
  stated = [];
  consumed = {};
  offers = [];
  rescinded = [];
  steps = [];
  whenMarked = () => undefined;
  const store = {
    load: async () => saved,
    save: async (roles: readonly RoleConfig[]) => {
      // A database takes its time: a second change is asked for meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 5));
      saved.push(...roles);
    },
  };
  const bus = {
    publish: (_contract: unknown, items: readonly unknown[]) => {
      steps.push('stated');
      stated.push(...items);
    },
  };
  quotas = new SetQuotas(
    new ChangeRoles(configs, store, bus as never),
    {
      consumedBy: (role) => consumed[role] ?? Quantities.EMPTY,
      capacity: () => Quantities.fromNumbers({ cpus: 4, mem: 4096, disk: 20_000 }),
    },
    {
      hasFrameworks: () => true,
      all: () => offers,
      rescind: async (some) => {
        steps.push('rescinded');
        rescinded.push(...some.map(({ offerId }) => offerId));
      },
    },
    {
      throughOffers: async () => void steps.push('mark through offers'),
      throughAllocator: async () => {
        steps.push('mark through the allocator');
        whenMarked();
      },
    },
  );
});

describe('SetQuotas', () => {
  it('stores, knows and states a quota beside the weight that the role has', async () => {
    configs.put({ name: 'dev', weight: 2 });
    await quotas.update([quota('dev', { cpus: 1_000 }, { cpus: 2_000 })], { force: false });
    const role = { name: 'dev', weight: 2, guaranteesMilli: { cpus: 1_000 }, limitsMilli: { cpus: 2_000 } };
    expect([configs.get('dev'), saved, stated]).toEqual([role, [role], [{ role }]]);
  });

  it('takes a quota away, and keeps the weight', async () => {
    configs.put({ name: 'dev', weight: 2, limitsMilli: { cpus: 1 } });
    await quotas.remove('dev');
    expect(configs.all()).toEqual([{ name: 'dev', weight: 2 }]);
  });

  it.each<[string, QuotaObstacle['kind'], string]>([
    [
      'guarantees more than the cluster has, with what others are guaranteed',
      'overcommit',
      "Invalid QuotaConfig: total quota guarantees 'cpus:5' exceed cluster capacity 'cpus:4; disk:20000; mem:4096' (use 'force' flag to bypass this check)",
    ],
    [
      'limits a role below what it uses',
      'below-use',
      "Invalid QuotaConfig: Role 'new' is already consuming 'cpus:3'; this is more than the requested limits 'cpus:2.5' (use 'force' flag to bypass this check)",
    ],
  ])('changes nothing when it %s, unless it is forced', async (_what, kind, text) => {
    configs.put({ name: 'old', guaranteesMilli: { cpus: 3_000 } });
    if (kind === 'below-use') consumed['new'] = Quantities.fromNumbers({ cpus: 3 });
    const asked =
      kind === 'below-use' ? quota('new', {}, { cpus: 2_500 }) : quota('new', { cpus: 2_000 }, { cpus: 9_000 });
    const outcome = await quotas.update([quota('other', {}, { mem: 1 }), asked], { force: false });
    expect(outcome.ok ? '' : obstacleText(outcome.obstacle as QuotaObstacle)).toBe(text);
    expect(saved).toEqual([]);
    expect(await quotas.update([asked], { force: true, dryRun: true })).toMatchObject({ ok: true });
    expect(saved).toEqual([]);
    expect(await quotas.update([asked], { force: true })).toMatchObject({ ok: true });
    expect(saved).toHaveLength(1);
  });

  it('does not count the old guarantee of a role that gets a new one', async () => {
    configs.put({ name: 'dev', guaranteesMilli: { cpus: 4_000 } });
    expect(await quotas.update([quota('dev', { cpus: 3_000 })], { force: false })).toMatchObject({ ok: true });
  });

  it('lets two that would fit alone not both in', async () => {
    const both = ['a', 'b'].map((role) => quotas.update([quota(role, { cpus: 3_000 })], { force: false }));
    expect((await Promise.all(both)).map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('refuses when the role is not what the caller has seen', async () => {
    configs.put({ name: 'dev', weight: 2 });
    const outcome = await quotas.update([quota('dev', {})], { force: true }, ({ weight }) => weight === 1);
    expect(outcome).toEqual({ ok: false, obstacle: { kind: 'changed-meanwhile', now: { name: 'dev', weight: 2 } } });
  });

  it('takes back the offers that are in the way of the new quota, and says how many', async () => {
    offers = [offer('o1', 'dev', 'A', 1), offer('o2', 'dev/x', 'B', 1), offer('o3', 'prod', 'A', 2)];
    const outcome = await quotas.update([quota('dev', {}, { cpus: 1_000 })], { force: false });
    expect([outcome, rescinded]).toEqual([{ ok: true, rescinds: 1 }, ['o1']]);
  });

  it('also takes back what was on its way to be offered when they were set, and answers when that is done', async () => {
    whenMarked = () => {
      offers = [offer('late', 'dev', 'A', 2)];
    };
    await quotas.update([quota('dev', {}, { cpus: 1_000 })], { force: true });
    expect(rescinded).toEqual(['late']);
    expect(steps).toEqual([
      ...['mark through offers', 'stated', 'mark through the allocator', 'rescinded', 'mark through offers'],
    ]);
  });
});

describe('offersToRescind', () => {
  const all = [
    offer('o1', 'dev', 'A', 1),
    offer('o2', 'prod', 'A', 2),
    offer('o3', 'prod', 'B', 2),
    offer('o4', 'ops', 'B', 1),
  ];
  const ids = (asked: ReturnType<typeof quota>, used: number): string[] =>
    offersToRescind(asked, Quantities.fromNumbers({ cpus: used }), all).map(({ offerId }) => offerId);

  it.each([
    ['nothing when limits and guarantees are met', quota('dev', { cpus: 1_000 }, { cpus: 2_000 }), 1, []],
    ['the role’s own while it would exceed its limits', quota('prod', {}, { cpus: 3_000 }), 1, ['o2']],
    ['others’, agent by agent, until the guarantee can be met', quota('dev', { cpus: 3_000 }), 0, ['o2']],
    ['others’ of as many agents as it takes', quota('dev', { cpus: 5_000 }), 0, ['o2', 'o3', 'o4']],
  ])('takes %s', (_what, asked, used, expected) => {
    expect(ids(asked, used)).toEqual(expected);
  });
});
