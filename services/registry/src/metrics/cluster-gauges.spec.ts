import { Metrics } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { knownAgent } from '../agents/agents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { frameworkRecord, offerRecord, taskRecord } from '../model/model.fakes.js';
import { exposeCluster } from './cluster-gauges.js';

const scalar = (name: string, value: number, role?: string) => ({
  ...{ name, type: 'SCALAR' as const, scalar: { value } },
  ...(role === undefined ? {} : { reservations: [{ type: 'STATIC' as const, role }] }),
});

it('shows resources in base units, and what of them is reserved beside what becomes of them', async () => {
  const model = new ClusterModel({ maxCompletedFrameworks: 1, maxCompletedTasksPerFramework: 1 });
  const metrics = new Metrics('registry');
  exposeCluster(metrics, model);
  const resources = [scalar('cpus', 3), scalar('cpus', 1.5, 'web'), scalar('mem', 64), scalar('mem', 32, 'web')];
  model.agents.agentChanged(knownAgent({ resources }));
  model.agents.agentChanged(knownAgent({ agentId: 'away', port: 1, resources, state: 'unreachable' }));
  model.applyFramework({ framework: frameworkRecord() });
  model.applyLaunch({ task: taskRecord() });
  model.applyOffer({ kind: 'made', offer: offerRecord() });
  const shown = async (resource: string): Promise<Record<string, string>> => {
    const lines = (await metrics.render()).matchAll(
      /^tranche_cluster_resources\{resource="(\w+)",unit="(\w+)",kind="(\w+)",service="registry"\} (.*)$/gm,
    );
    return Object.fromEntries(
      [...lines]
        .filter(([, name]) => name === resource)
        .map(([, , unit, kind, value]) => [kind ?? '', `${value} ${unit}`]),
    );
  };
  expect(await shown('cpus')).toEqual({
    ...{ total: '4.5 cores', used: '1 cores', offered: '2 cores', reserved: '1.5 cores', idle: '1.5 cores' },
  });
  expect(await shown('mem')).toMatchObject({ total: `${96 * 2 ** 20} bytes`, reserved: `${32 * 2 ** 20} bytes` });
});
