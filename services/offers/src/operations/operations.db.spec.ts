import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentUsageV1, ApplyOperationsV1, UpdateAllocationV1 } from '@tranche/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentRecord } from '../testing/offers.fakes.js';
import { OffersCluster } from '../testing/offers-cluster.js';
import { SchedulerClient } from '../testing/scheduler-client.js';

const framework_info = {
  user: 'svc',
  name: 'mesh',
  roles: ['web'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
  failover_timeout: 60,
};
const capabilities = ['HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESOURCE_PROVIDER', 'AGENT_OPERATION_FEEDBACK'];
const reserved = {
  name: 'cpus',
  type: 'SCALAR' as const,
  scalar: { value: 0.5 },
  reservations: [{ type: 'DYNAMIC' as const, role: 'web' }],
};
const frameworkId = 'C-0000';
const pick = (values: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));

describe('operations of the offers service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offers-operations-'));
  const databaseUrl = `sqlite:${join(folder, 'offers.db')}`;
  const before = new OffersCluster({ databaseUrl });
  const after = new OffersCluster({ databaseUrl });
  let scheduler: SchedulerClient;
  let operationUuid = '';
  beforeAll(async () => {
    await before.start();
    before.registerAgent({ agent: agentRecord({ capabilities }) });
    scheduler = await SchedulerClient.subscribe(before.url, { type: 'SUBSCRIBE', subscribe: { framework_info } });
    await scheduler.next('SUBSCRIBED');
    await before.offer(frameworkId, 'web');
    const [offer] = (await scheduler.next('OFFERS'))?.offers?.offers ?? [];
    const operations = [{ type: 'RESERVE', id: { value: 'op' }, reserve: { resources: [reserved] } }];
    const accept = { offer_ids: [offer?.id], operations };
    await before.call(scheduler.streamId, { type: 'ACCEPT', framework_id: { value: frameworkId }, accept });
    const [sent] = await before.taken(ApplyOperationsV1);
    operationUuid = sent?.operationUuid ?? '';
  });
  afterAll(async () => {
    await after.stop();
    rmSync(folder, { recursive: true });
  });

  const list = async (url: string, query = '') =>
    ((await (await fetch(`${url}/v1/operations${query}`)).json()) as { items: object[] }).items;

  it('are listed with what they take and make', async () => {
    const [one] = await list(before.url);
    const expected = {
      operationId: 'op',
      type: 'RESERVE',
      state: 'OPERATION_PENDING',
      frameworkName: 'mesh',
      agentHostname: 'a1',
      role: 'web',
      consumed: 'cpus:0.5',
      converted: 'cpus(web):0.5',
    };
    expect(one).toMatchObject(expected);
    expect(await list(before.url, '?state=OPERATION_FINISHED')).toEqual([]);
    const { id } = one as { id: string };
    expect(await (await fetch(`${before.url}/v1/operations/${id}`)).json()).toEqual(one);
    expect((await fetch(`${before.url}/v1/operations/nosuch`)).status).toBe(404);
  });

  it('reach the allocator before what they made is free', async () => {
    const [conversion] = await before.taken(UpdateAllocationV1);
    expect(pick(conversion ?? {}, 'agentId', 'frameworkId', 'role', 'converted')).toEqual({
      agentId: 'S1',
      frameworkId,
      role: 'web',
      converted: [reserved],
    });
  });

  it('outlive the service, with the total that they have made', async () => {
    scheduler.close();
    await before.stop();
    await after.start();
    expect(await list(after.url)).toMatchObject([{ operationId: 'op', state: 'OPERATION_PENDING' }]);
    // The agent has not heard of it: it is sent again, and its result counts.
    after.registerAgent({ agent: agentRecord({ capabilities }), reregistered: true });
    expect(await after.taken(ApplyOperationsV1)).toMatchObject([{ operationUuid, operationId: 'op' }]);
    const [usage] = await after.taken(AgentUsageV1);
    expect(usage?.total).toContainEqual(reserved);
  });
});
