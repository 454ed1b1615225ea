import type { QuotaConfig } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { type OperatorRule, rule } from './operator-rule.js';
import type { OperatorStage } from './operator-stage.js';

const update = (stage: OperatorStage, config: QuotaConfig, force = false): Promise<[status: number, text: string]> =>
  stage.told({ type: 'UPDATE_QUOTA', update_quota: { force, quota_configs: [config] } });
const quotaOf = async (stage: OperatorStage, role: string): Promise<object | undefined> => {
  const { get_quota } = await stage.ask({ type: 'GET_QUOTA' });
  return get_quota?.status?.configs?.find((config) => config.role === role);
};
const cpus = (value: number) => ({ cpus: { value } });
const guarantee = (value: number) => [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value } }];

/** Quotas and weights. @source operator API §2, §2.3 */
export const ROLE_RULES: readonly OperatorRule[] = [
  rule('§2.3 UPDATE_QUOTA', 'a quota is set whole, shown, and removed by an empty one', async (stage) => {
    const role = stage.newRole();
    expect(await update(stage, { role, guarantees: cpus(1), limits: cpus(2) })).toEqual([200, '']);
    expect(await quotaOf(stage, role)).toMatchObject({ guarantees: cpus(1), limits: cpus(2) });
    expect(await update(stage, { role })).toEqual([200, '']);
    expect(await quotaOf(stage, role)).toBeUndefined();
  }),
  rule('§2.3 all or none', 'of several quotas all are set, or none', async (stage) => {
    const [good, bad] = [stage.newRole(), `${stage.newRole()}/below`];
    const quota_configs = [{ role: good, limits: cpus(1) }, { role: bad }];
    const [status] = await stage.told({ type: 'UPDATE_QUOTA', update_quota: { quota_configs } });
    expect([status, await quotaOf(stage, good)]).toEqual([400, undefined]);
  }),
  rule('§2.3 nested roles', 'only top-level roles have quotas', async (stage) => {
    const [status, text] = await update(stage, { role: 'a/b', limits: cpus(1) });
    expect([status, text]).toEqual([400, expect.stringContaining("'a/b' is not supported")]);
  }),
  rule('§2.3 values', 'amounts are not negative, and guarantees not above limits', async (stage) => {
    const role = stage.newRole();
    for (const config of [
      { role, limits: cpus(-1) },
      { role, guarantees: cpus(2), limits: cpus(1) },
      { role: '-x', limits: cpus(1) },
    ]) {
      expect(await update(stage, config)).toEqual([400, expect.stringMatching(/^Invalid QuotaConfig: /)]);
    }
  }),
  rule('§2.3 capacity', 'more is not guaranteed than there is, unless forced', async (stage) => {
    const role = stage.newRole();
    expect(await update(stage, { role, guarantees: cpus(999) })).toEqual([
      400,
      expect.stringContaining('exceed cluster capacity'),
    ]);
    expect(await update(stage, { role, guarantees: cpus(999) }, true)).toEqual([200, '']);
    expect(await update(stage, { role })).toEqual([200, '']);
  }),
  rule('§2.3 consumption', 'a limit below what is used is refused, unless forced', async (stage) => {
    const runner = stage.runner();
    await expect.poll(() => runner.states).toContain('TASK_RUNNING');
    const { role } = runner;
    await expect
      .poll(() => update(stage, { role, limits: cpus(0.05) }))
      .toEqual([400, expect.stringContaining('already consuming')]);
    expect(await update(stage, { role, limits: cpus(0.05) }, true)).toEqual([200, '']);
    expect(await update(stage, { role })).toEqual([200, '']);
  }),
  rule('§2.3 SET_QUOTA', 'the old call guarantees and limits alike, once', async (stage) => {
    const role = stage.newRole();
    const set = { type: 'SET_QUOTA' as const, set_quota: { quota_request: { role, guarantee: guarantee(1) } } };
    expect(await stage.told(set)).toEqual([200, '']);
    expect(await quotaOf(stage, role)).toMatchObject({ guarantees: cpus(1), limits: cpus(1) });
    expect(await stage.told(set)).toEqual([400, expect.stringContaining('already has quota')]);
    expect(await stage.told({ type: 'REMOVE_QUOTA', remove_quota: { role } })).toEqual([200, '']);
  }),
  rule('§2.3 SET_QUOTA 409', 'it refuses to overcommit', async (stage) => {
    const quota_request = { role: stage.newRole(), guarantee: guarantee(999) };
    expect(await stage.told({ type: 'SET_QUOTA', set_quota: { quota_request } })).toEqual([
      409,
      expect.stringMatching(/^Quota guarantees overcommit the cluster \(use 'force' to bypass this check\): /),
    ]);
  }),
  rule('§2 REMOVE_QUOTA', 'removing what is not there changes nothing', async (stage) => {
    expect(await stage.told({ type: 'REMOVE_QUOTA', remove_quota: { role: 'nosuch' } })).toEqual([200, '']);
  }),
  rule('§2.3 limits and offers', 'offers that go beyond a new limit are taken back', async (stage) => {
    const holder = stage.holder();
    await expect.poll(() => holder.offers.size).toBe(3);
    expect(await update(stage, { role: holder.role, limits: cpus(4) })).toEqual([200, '']);
    await expect.poll(() => holder.rescinded).toBe(2);
    expect(await update(stage, { role: holder.role })).toEqual([200, '']);
  }),
  rule('§2 UPDATE_WEIGHTS, GET_WEIGHTS', 'weights are set and shown', async (stage) => {
    const role = stage.newRole();
    const weight_infos = [{ role, weight: 2.5 }];
    expect(await stage.told({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos } })).toEqual([200, '']);
    const { get_weights } = await stage.ask({ type: 'GET_WEIGHTS' });
    expect(get_weights?.weight_infos).toContainEqual({ role, weight: 2.5 });
  }),
  rule('§2 UPDATE_WEIGHTS 400', 'weights are positive, of valid roles', async (stage) => {
    const set = (role: string, weight: number) =>
      stage.told({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role, weight }] } });
    for (const answer of [await set('dev', -1), await set('dev', 0), await set('-bad', 1)]) {
      expect(answer).toEqual([400, expect.stringMatching(/^Failed to validate update weights request JSON/)]);
    }
  }),
  rule('§2 UPDATE_WEIGHTS offers', 'a weight of a role in use takes all offers back', async (stage) => {
    const holder = stage.holder();
    await expect.poll(() => holder.offers.size).toBe(3);
    const weight_infos = [{ role: holder.role, weight: 3 }];
    expect(await stage.told({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos } })).toEqual([200, '']);
    await expect.poll(() => holder.rescinded).toBe(3);
  }),
];
