import { type AllocationEngine, createEngine } from '@tranche/allocation';
import {
  AgentUsageV1,
  type HeldResources,
  type OffersSnapshot,
  OffersSnapshotV1,
  type QueryContract,
  RecoverResourcesV1,
} from '@tranche/contracts';
import type { MessageContext } from '@tranche/messaging';
import { Resources } from '@tranche/resources';
import { silentLogger } from '@tranche/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClusterRecords } from '../explain/cluster-records.js';
import { MadeAllocations } from '../runs/made-allocations.js';
import { ApplyFacts } from './apply-facts.js';
import { Sources } from './sources.js';
import { SyncConsumer } from './sync.consumer.js';

const held = (text: string): HeldResources => ({
  ...{ frameworkId: 'f', role: 'dev', agentId: 'a' },
  resources: Resources.parse(text).toJson(),
});
const agent = {
  ...{ agentId: 'a', hostname: 'a', ip: '127.0.0.1', port: 5051, version: '0.1.0', state: 'active', stateSinceMs: 0 },
  ...{ resources: Resources.parse('cpus:4').toJson(), attributes: [], capabilities: ['MULTI_ROLE'], registeredAtMs: 0 },
};
const framework = {
  ...{ frameworkId: 'f', info: { user: 'root', name: 'f' }, state: 'connected', active: true, roles: ['dev'] },
  ...{ suppressedRoles: [], registeredAtMs: 0 },
};
const sent = (pattern: string, sequence: number, source = 'offers/1'): MessageContext => ({
  ...{ pattern, source, sequence, messageId: `${source} ${pattern} ${sequence}` },
});

describe('SyncConsumer', () => {
  let engine: AllocationEngine;
  let consumer: SyncConsumer;
  let sources: Sources;
  let snapshot: OffersSnapshot;
  beforeEach(() => {
    engine = createEngine({ random: () => 0.5, agentOrder: 'id' });
    const records = new ClusterRecords();
    const made = new MadeAllocations('e');
    const apply = new ApplyFacts({
      ...{ engine, made, records, partitions: 1 },
      runner: { requestDue: () => undefined },
      clock: { nowMs: () => 0 },
    });
    snapshot = {
      asOf: { source: 'offers/1', numbers: { [RecoverResourcesV1.pattern]: 3, [AgentUsageV1.pattern]: 1 } },
      ...{ frameworks: [framework], tasks: [], offers: [], held: [held('cpus:3')], reconciledAgents: ['a'] },
    } as OffersSnapshot;
    const ask = async (contract: QueryContract): Promise<unknown> =>
      contract === OffersSnapshotV1 ? snapshot : { asOf: { source: 'registry/1', numbers: {} }, agents: [agent] };
    sources = new Sources(apply, { bus: { ask: ask as never }, logger: silentLogger });
    consumer = new SyncConsumer(apply, sources, records);
  });
  const used = (): string => Array.from(engine.view.holdings(), ({ resources }) => resources.toText()).join();

  const synchronized = async (): Promise<void> => {
    await sources.registry.start();
    await sources.offers.start();
  };

  it('passes over a release that the snapshot contains: it would free what somebody else holds', async () => {
    await synchronized();
    consumer.resourcesRecovered([held('cpus:1')], sent(RecoverResourcesV1.pattern, 3));
    expect(used()).toBe('cpus:3');
    consumer.resourcesRecovered([held('cpus:1')], sent(RecoverResourcesV1.pattern, 4));
    expect(used()).toBe('cpus:2');
  });

  it('passes over what another life of offers says, also before its snapshot', async () => {
    consumer.agentUsage([{ agentId: 'a', held: [held('cpus:1')] }], sent(AgentUsageV1.pattern, 9));
    await synchronized();
    consumer.resourcesRecovered([held('cpus:1')], sent(RecoverResourcesV1.pattern, 9, 'offers/0'));
    expect(used()).toBe('cpus:3');
  });

  it('passes over usage that is older than the snapshot', async () => {
    await synchronized();
    consumer.agentUsage([{ agentId: 'a', held: [held('cpus:4')] }], sent(AgentUsageV1.pattern, 1));
    expect(used()).toBe('cpus:3');
    consumer.agentUsage([{ agentId: 'a', held: [] }], sent(AgentUsageV1.pattern, 2));
    expect(used()).toBe('');
  });
});
