import { AcknowledgeStatusV1, AgentUsageV1, LaunchTasksV1, RecoverResourcesV1 } from '@tranche/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OffersCluster } from './testing/offers-cluster.js';
import { SchedulerClient } from './testing/scheduler-client.js';

const info = { user: 'u', name: 'f', roles: ['web'], capabilities: [{ type: 'MULTI_ROLE' }], failover_timeout: 60 };
const uuid = Buffer.from('0123456789ab4def8123456789abcdef', 'hex').toString('base64');

describe('the offers service', () => {
  let cluster: OffersCluster;
  beforeEach(async () => {
    cluster = new OffersCluster();
    await cluster.start();
  });
  afterEach(() => cluster.stop());

  it('carries a task from subscription to the acknowledged end', async () => {
    cluster.registerAgent();
    expect(await cluster.taken(AgentUsageV1)).toEqual([{ agentId: 'S1', held: [] }]);

    const scheduler = await SchedulerClient.subscribe(cluster.url, {
      type: 'SUBSCRIBE',
      subscribe: { framework_info: info },
    });
    const subscribed = await scheduler.next('SUBSCRIBED');
    expect(subscribed?.subscribed).toMatchObject({ framework_id: { value: 'C-0000' }, heartbeat_interval_seconds: 15 });
    await scheduler.next('HEARTBEAT');

    await cluster.offer('C-0000', 'web');
    const [offer] = (await scheduler.next('OFFERS'))?.offers?.offers ?? [];
    expect(offer).toMatchObject({ id: { value: 'C-O0' }, allocation_info: { role: 'web' }, hostname: 'a1' });

    const resources = [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
    ];
    const task = {
      name: 't',
      task_id: { value: 't1' },
      agent_id: { value: 'S1' },
      resources,
      command: { value: 'true' },
    };
    const accepted = await cluster.call(scheduler.streamId, {
      type: 'ACCEPT',
      framework_id: { value: 'C-0000' },
      accept: {
        offer_ids: [{ value: 'C-O0' }],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }],
        filters: { refuse_seconds: 7 },
      },
    });
    expect(accepted.status).toBe(202);
    const [launch] = await cluster.taken(LaunchTasksV1);
    expect(launch).toMatchObject({ frameworkId: 'C-0000', role: 'web', task: { command: { value: 'true' } } });
    expect(await cluster.taken(RecoverResourcesV1)).toMatchObject([
      { refuseSeconds: 7, resources: [{ scalar: { value: 1.5 } }, { scalar: { value: 992 } }] },
    ]);

    const status = { task_id: { value: 't1' }, agent_id: { value: 'S1' }, uuid, source: 'SOURCE_EXECUTOR' as const };
    const report = { agentId: 'S1', frameworkId: 'C-0000', taskId: 't1', traceId: launch?.traceId ?? '' };
    await cluster.report({ ...report, status: { ...status, state: 'TASK_FINISHED', timestamp: 1 } });
    expect((await scheduler.next('UPDATE'))?.update?.status).toMatchObject({ state: 'TASK_FINISHED', uuid });
    expect(await cluster.taken(RecoverResourcesV1)).toMatchObject([
      { resources: [{ scalar: { value: 0.5 } }, { scalar: { value: 32 } }] },
    ]);

    const acknowledge = { agent_id: { value: 'S1' }, task_id: { value: 't1' }, uuid };
    await cluster.call(scheduler.streamId, { type: 'ACKNOWLEDGE', framework_id: { value: 'C-0000' }, acknowledge });
    expect(await cluster.taken(AcknowledgeStatusV1)).toEqual([{ frameworkId: 'C-0000', taskId: 't1', uuid }]);
    const { tasks } = (await (await fetch(`${cluster.url}/tasks`)).json()) as { tasks: unknown[] };
    expect(tasks).toMatchObject([{ id: 't1', state: 'TASK_FINISHED', role: 'web' }]);
    scheduler.close();
  });
});
