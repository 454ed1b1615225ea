import { createEngine } from '@tranche/allocation';
import { Limits, Quantities, Resources } from '@tranche/resources';
import { Metrics } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { exposeRoles } from './cluster-metrics.js';

it('shows what roles may have and have, in base units, and what guarantees leave free', async () => {
  const engine = createEngine({ random: () => 0.5, agentOrder: 'id' });
  engine.setQuota('dev', { guarantees: Quantities.parse('cpus:3'), limits: Limits.parse('cpus:8') });
  engine.addFramework({ id: 'f', roles: ['dev'], suppressedRoles: [], capabilities: [] }, false);
  const resources = Resources.parse('cpus:10;mem:1024;cpus(dev):1');
  const inUse = { frameworkId: 'f', role: 'dev', agentId: 'a', resources: Resources.parse('cpus:1.5;mem:256') };
  engine.addAgent({ id: 'a', hostname: 'a', resources, attributes: [], capabilities: [] }, [inUse]);
  const offer = { ...inUse, offerId: 'o', madeAtMs: 0, resources: Resources.parse('cpus:0.5') };
  const metrics = new Metrics('allocator');
  exposeRoles(metrics, { engine, offers: { offers: [offer] }, clock: { nowMs: () => 0 } });
  const lines = (await metrics.render()).split('\n').filter((line) => /^tranche_(role|quota|filters)/.test(line));
  const figures = lines.map((line) =>
    line
      .replace(/,?service="allocator"/, '')
      .replace('{', ' ')
      .replace('}', ''),
  );
  expect(figures.toSorted()).toEqual([
    'tranche_filters_active role="dev" 0',
    `tranche_quota_headroom resource="cpus",unit="cores" ${8.5 - 0.5}`,
    `tranche_quota_headroom resource="mem",unit="bytes" ${768 * 2 ** 20}`,
    'tranche_role_resources role="dev",resource="cpus",unit="cores",kind="guarantee" 3',
    'tranche_role_resources role="dev",resource="cpus",unit="cores",kind="limit" 8',
    'tranche_role_resources role="dev",resource="cpus",unit="cores",kind="offered" 0.5',
    'tranche_role_resources role="dev",resource="cpus",unit="cores",kind="reserved" 1',
    'tranche_role_resources role="dev",resource="cpus",unit="cores",kind="used" 1',
    `tranche_role_resources role="dev",resource="mem",unit="bytes",kind="used" ${256 * 2 ** 20}`,
    'tranche_role_share_ratio role="dev" 0.25',
  ]);
});
