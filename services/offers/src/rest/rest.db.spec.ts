import { KillTaskV1, LaunchTasksV1, ShutdownFrameworkV1 } from '@tranche/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OffersCluster } from '../testing/offers-cluster.js';
import { SchedulerClient } from '../testing/scheduler-client.js';

const framework_info = {
  user: 'svc',
  name: 'mesh',
  roles: ['web'],
  capabilities: [{ type: 'MULTI_ROLE' }],
  failover_timeout: 60,
};
const resources = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
];
const uuid = Buffer.from('0123456789ab4def8123456789abcdef', 'hex').toString('base64');

describe('what the offers service shows', () => {
  const cluster = new OffersCluster();
  let scheduler: SchedulerClient;
  const id = 'C-0000';
  beforeAll(async () => {
    await cluster.start();
    cluster.registerAgent();
    scheduler = await SchedulerClient.subscribe(cluster.url, { type: 'SUBSCRIBE', subscribe: { framework_info } });
    await scheduler.next('SUBSCRIBED');
    await cluster.offer(id, 'web');
    const [offer] = (await scheduler.next('OFFERS'))?.offers?.offers ?? [];
    const task = (taskId: string) => ({
      name: 'sleeper',
      task_id: { value: taskId },
      agent_id: { value: 'S1' },
      resources,
      command: { shell: false, value: '/bin/sh', arguments: ['sh', '-c', 'sleep 1'] },
      labels: { labels: [{ key: 'a', value: 'b' }] },
    });
    const operations = [{ type: 'LAUNCH', launch: { task_infos: [task('t:1'), task('t2')] } }];
    const accept = { offer_ids: [offer?.id], operations };
    await cluster.call(scheduler.streamId, { type: 'ACCEPT', framework_id: { value: id }, accept });
    await cluster.taken(LaunchTasksV1, 2);
    await cluster.report({
      agentId: 'S1',
      frameworkId: id,
      taskId: 't2',
      traceId: '',
      status: {
        task_id: { value: 't2' },
        state: 'TASK_FAILED',
        uuid,
        timestamp: 2,
        message: 'Command exited with status 3',
      },
    });
    await scheduler.next('UPDATE');
    await cluster.offer(id, 'web');
    await scheduler.next('OFFERS');
  });
  afterAll(async () => {
    scheduler.close();
    await cluster.stop();
  });

  const get = async (path: string) => {
    const answer = await fetch(cluster.url + path);
    return { status: answer.status, type: answer.headers.get('content-type'), body: (await answer.json()) as never };
  };
  const post = async (path: string, body = '') => {
    const answer = await fetch(cluster.url + path, { method: 'POST', body });
    return { status: answer.status, text: await answer.text() };
  };

  it('lists frameworks with what they have', async () => {
    expect((await get('/v1/frameworks?state=connected&name=mesh')).body).toMatchObject({
      items: [
        {
          id,
          name: 'mesh',
          state: 'connected',
          tasks: { staging: 1, running: 0, ended: 1 },
          offers: 1,
          used: { cpus: 0.5, memBytes: 32 << 20 },
          offered: { cpus: 2, memBytes: 1 << 30 },
          failoverTimeoutMs: 60_000,
        },
      ],
    });
    expect((await get('/v1/frameworks?state=removed')).body).toMatchObject({ items: [] });
  });

  it('lists outstanding offers', async () => {
    const expected = { frameworkName: 'mesh', agentHostname: 'a1', role: 'web', resources: { cpus: 2 } };
    expect((await get('/v1/offers?agentId=S1')).body).toMatchObject({ items: [{ id: 'C-O1', ...expected }] });
    expect((await get('/v1/offers/C-O1')).body).toMatchObject({ expiresAt: expect.any(String) });
  });

  it('lists tasks with cause, command and exit code', async () => {
    expect((await get(`/v1/tasks?frameworkId=${id}&state=TASK_FAILED`)).body).toMatchObject({
      items: [
        {
          id: 't2',
          name: 'sleeper',
          state: 'TASK_FAILED',
          cause: 'exit 3',
          exitCode: 3,
          command: "sh -c 'sleep 1'",
          labels: { a: 'b' },
          user: 'svc',
          statuses: [{ state: 'TASK_FAILED', at: '1970-01-01T00:00:02.000Z' }],
        },
      ],
    });
    expect((await get('/v1/tasks/t:1')).body).toMatchObject({ id: 't:1', cause: 'staging' });
  });

  it('answers in problem+json what it does not know or cannot do', async () => {
    const missing = await get('/v1/tasks/nosuch');
    expect(missing).toMatchObject({ status: 404, type: 'application/problem+json', body: { code: 'task.unknown' } });
    expect(await get('/v1/tasks?colour=red')).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect((await post('/v1/tasks/t2:kill')).status).toBe(409);
    expect((await post('/v1/tasks/t2:frobnicate')).status).toBe(404);
    expect((await post('/v1/tasks/t:1:kill', '{"grace":1}')).status).toBe(400);
  });

  it('kills a task for an operator', async () => {
    expect((await post('/v1/tasks/t:1:kill', '{"gracePeriodMs":1500}')).status).toBe(202);
    expect(await cluster.taken(KillTaskV1)).toEqual([
      { frameworkId: id, taskId: 't:1', killPolicy: { grace_period: { nanoseconds: 1_500_000_000 } } },
    ]);
  });

  it('serves /frameworks and /tasks in Mesos’ shapes', async () => {
    const frameworks = (await get(`/master/frameworks/?framework_id=${id}&_ts=1`)).body as Record<string, unknown[]>;
    expect(Object.keys(frameworks)).toEqual(['frameworks', 'completed_frameworks', 'unregistered_frameworks']);
    expect(frameworks['frameworks']).toMatchObject([
      {
        id,
        roles: ['web'],
        active: true,
        connected: true,
        recovered: false,
        used_resources: { cpus: 0.5, mem: 32 },
        offered_resources: { cpus: 2 },
        tasks: [{ id: 't:1' }, { id: 't2' }],
        offers: [{ id: 'C-O1', allocation_info: { role: 'web' } }],
      },
    ]);
    const ids = async (query: string) =>
      ((await get(`/tasks${query}`)).body as { tasks: { id: string }[] }).tasks.map(({ id }) => id);
    expect(await ids('?order=asc&limit=-1')).toEqual(['t:1', 't2']);
    expect(await ids('?limit=1')).toEqual(['t2']);
    expect(await ids('?limit=1&offset=1')).toEqual(['t:1']);
    expect(await ids('?task_id=t2')).toEqual(['t2']);
    expect(await ids('?framework_id=nosuch')).toEqual([]);
  });

  it('tears a framework down by the classic endpoint, in the recorded words', async () => {
    expect(await post('/teardown')).toEqual({
      status: 400,
      text: "Missing 'frameworkId' query parameter in the request body",
    });
    expect(await post('/teardown', 'frameworkId=nosuch')).toEqual({
      status: 400,
      text: 'No framework found with specified ID',
    });
    expect(await post('/teardown', `frameworkId=${id}`)).toEqual({ status: 200, text: '' });
    expect(await cluster.taken(ShutdownFrameworkV1)).toEqual([{ frameworkId: id }]);
    expect((await get(`/v1/frameworks/${id}`)).body).toMatchObject({
      state: 'removed',
      removedReason: 'torn down by an operator',
      tasks: { ended: 2 },
    });
    expect((await post(`/v1/frameworks/${id}:teardown`)).status).toBe(409);
  });
});
