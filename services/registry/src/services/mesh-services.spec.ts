import {
  type AnyContract,
  DescribeServiceV1,
  ReadLogV1,
  ReadMetricsV1,
  ReadSettingsV1,
  type ReplicaSeen,
} from '@tranche/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { MeshServices } from './mesh-services.js';
import { ReplicasHeard } from './replicas-heard.js';

const ANSWERS: Readonly<Record<string, (queue: string) => unknown>> = {
  [DescribeServiceV1.pattern]: (queue) => ({
    ...{ service: queue.split('.')[0], replica: `${queue}-1f6c`, host: 'pod', version: '1', startedAtMs: 0 },
    ...{ role: 'active', ready: queue !== 'quota', dependencies: { database: queue === 'quota' ? 'refused' : true } },
  }),
  [ReadSettingsV1.pattern]: () => ({ settings: [{ name: 'HTTP_PORT' }] }),
  [ReadMetricsV1.pattern]: (queue) => ({ text: `up{of="${queue}"} 1\n` }),
  [ReadLogV1.pattern]: () => ({ lines: [{ number: 1 }] }),
};

const away = new Set<string>();
const asked: string[] = [];
const bus = {
  async ask<A>({ pattern }: AnyContract, queue: string): Promise<A> {
    asked.push(queue);
    if (away.has(queue)) throw new Error(`no answer from ${queue} within 2000 ms`);
    return ANSWERS[pattern]?.(queue) as A;
  },
};
const replica = (service: string, replicaId: string, owned: number[], partitions = 1): ReplicaSeen => ({
  ...{ service, replicaId, owned, partitions },
});

let nowMs = 0;
let replicas: ReplicasHeard;
let services: MeshServices;
beforeEach(() => {
  away.clear();
  asked.length = 0;
  nowMs = 0;
  replicas = new ReplicasHeard(() => nowMs);
  services = new MeshServices(bus, replicas, () => ['S0', 'S1'], { offers: 2 });
});
const ids = async (): Promise<string[]> => (await services.list(() => true, false)).map(({ id }) => id).toSorted();

describe('MeshServices', () => {
  it('asks what works on each service or partition, and tells what each lacks', async () => {
    expect(await ids()).toEqual(['allocator', 'offers', 'offers.1', 'quota', 'registry']);
    const quota = await services.one('quota');
    expect(quota).toMatchObject({ ready: false, dependencies: { database: 'refused' }, startedAt: expect.any(String) });
    expect(await services.one('offers.1')).toMatchObject({ service: 'offers', ready: true, host: 'pod' });
  });

  it('asks replicas that wait, and those that share the work of a service, as well', async () => {
    replicas.heard([replica('quota', 'quota-a', [0]), replica('quota', 'quota-b', [])]);
    replicas.heard([replica('offers', 'offers-a', [0, 1], 2)]);
    expect(await ids()).toEqual(expect.arrayContaining(['quota-b', 'offers-a']));
    expect(asked).toContain('replica.quota-b');
    expect(asked).not.toContain('replica.quota-a');
  });

  it('names a replica that does not answer, until it has been silent for long', async () => {
    replicas.heard([replica('quota', 'quota-b', [])]);
    away.add('replica.quota-b');
    const [found] = await services.list((service) => service === 'quota', false).then((all) => all.slice(-1));
    expect(found).toEqual({
      ...{ id: 'quota-b', service: 'quota', replica: 'quota-b', ready: false, dependencies: {} },
      missing: 'does not answer: no answer from replica.quota-b within 2000 ms',
    });
    nowMs = 46_000;
    expect(await ids()).not.toContain('quota-b');
  });

  it('shows agents only where they are asked for', async () => {
    const found = await services.list((service) => service === 'agent', true);
    expect(found.map(({ id, service }) => [id, service])).toEqual([
      ['agent.S0', 'agent'],
      ['agent.S1', 'agent'],
    ]);
  });

  it('fetches settings, metrics and log of each, and says when it is not there', async () => {
    expect(await services.settings('agent.S1')).toEqual([{ name: 'HTTP_PORT' }]);
    expect(await services.metrics('offers.1')).toBe('up{of="offers.1"} 1\n');
    expect(await services.log('registry')).toEqual([{ number: 1 }]);
    expect(await services.log('agent.S9')).toBeUndefined();
    expect(await services.settings('offers.7')).toBeUndefined();
    away.add('quota');
    await expect(services.metrics('quota')).rejects.toMatchObject({ problem: { status: 503, code: 'service.away' } });
  });
});
