import { AgentUsageV1, LaunchTasksV1, ReregisterAgentV1 } from '@tranche/contracts';
import type { Resource, TaskInfo, TaskState, TaskStatus } from '@tranche/mesos-api';
import { openDatabase, schemaDrift } from '@tranche/persistence';
import { testDatabases } from '@tranche/test-servers';
import { beforeEach, describe, expect, it } from 'vitest';
import { OffersCluster } from '../testing/offers-cluster.js';
import { SchedulerClient } from '../testing/scheduler-client.js';
import { offersDatabase } from './offers.database.js';
import { TaskSchema } from './offers.schema.js';

const framework_info = { user: 'u', name: 'f', role: 'web', failover_timeout: 3600 };
const resources: Resource[] = [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }];
const uuid = Buffer.from('0123456789ab4def8123456789abcdef', 'hex').toString('base64');
const taskOf = (id: string): TaskInfo => ({
  ...{ name: id, task_id: { value: id }, agent_id: { value: 'S1' }, resources, command: { value: 'x' } },
});

/** A framework that has launched tasks on agent S1, which is new to the cluster. */
async function launched(cluster: OffersCluster, taskIds: readonly string[]) {
  cluster.registerAgent();
  await cluster.taken(AgentUsageV1);
  const subscribe = { type: 'SUBSCRIBE', subscribe: { framework_info } };
  const scheduler = await SchedulerClient.subscribe(cluster.url, subscribe);
  const framework_id = (await scheduler.next('SUBSCRIBED'))?.subscribed?.framework_id ?? { value: '' };
  await cluster.offer(framework_id.value, 'web');
  const [offer] = (await scheduler.next('OFFERS'))?.offers?.offers ?? [];
  const operations = [{ type: 'LAUNCH', launch: { task_infos: taskIds.map(taskOf) } }];
  const accept = { offer_ids: [offer?.id], operations };
  await cluster.call(scheduler.streamId, { type: 'ACCEPT', framework_id, accept });
  await cluster.taken(LaunchTasksV1, taskIds.length);
  return { scheduler, framework_id };
}

for (const database of testDatabases())
  describe.skipIf(database.missing)(`the offers service on ${database.name}`, () => {
    let databaseUrl: string;
    beforeEach(async () => {
      databaseUrl = await database.freshUrl();
    });

    it('has the tables that the entities describe', async () => {
      const source = await openDatabase({ ...offersDatabase, url: databaseUrl });
      expect(await schemaDrift(source)).toEqual([]);
      await source.destroy();
    });

    it('brings frameworks and tasks over a restart: a framework comes back to its task and its history', async () => {
      const before = new OffersCluster({ databaseUrl });
      await before.start();
      const { scheduler, framework_id } = await launched(before, ['runs', 'ends']);
      const report = { agentId: 'S1', frameworkId: framework_id.value, traceId: '' };
      for (const [taskId, state] of [
        ['runs', 'TASK_RUNNING'],
        ['ends', 'TASK_FINISHED'],
      ] as const) {
        await before.report({
          ...report,
          taskId,
          status: { task_id: { value: taskId }, state, uuid, timestamp: Date.now() / 1000 },
        });
        await scheduler.next('UPDATE');
      }
      const acknowledge = { agent_id: { value: 'S1' }, task_id: { value: 'ends' }, uuid };
      await before.call(scheduler.streamId, { type: 'ACKNOWLEDGE', framework_id, acknowledge });
      await before.stop();

      const after = new OffersCluster({ databaseUrl });
      await after.start();
      const call = { type: 'REVIVE', framework_id };
      expect(await (await after.call('x', call)).text()).toBe('Framework cannot be found');
      const framework = await (await fetch(`${after.url}/v1/frameworks/${framework_id.value}`)).json();
      expect(framework).toMatchObject({ state: 'recovered', tasks: { running: 1, ended: 1 }, used: { cpus: 1 } });

      const info = { ...framework_info, id: framework_id };
      const back = await SchedulerClient.subscribe(after.url, {
        type: 'SUBSCRIBE',
        framework_id,
        subscribe: { framework_info: info },
      });
      expect((await back.next('SUBSCRIBED'))?.subscribed?.framework_id).toEqual(framework_id);
      await after.call(back.streamId, { type: 'RECONCILE', framework_id, reconcile: { tasks: [] } });
      expect((await back.next('UPDATE'))?.update?.status).toMatchObject({
        task_id: { value: 'runs' },
        state: 'TASK_RUNNING',
        reason: 'REASON_RECONCILIATION',
      });
      after.registerAgent();
      // What the life before was given is void: it has seen none of it itself.
      expect(await after.taken(AgentUsageV1)).toEqual([{ agentId: 'S1', held: expect.any(Array) }]);
      back.close();
      await after.stop();
    });

    it('answers a reconciliation by what the agent says that the framework was told, where the database fell behind', async () => {
      const before = new OffersCluster({ databaseUrl });
      await before.start();
      const { scheduler, framework_id } = await launched(before, ['t']);
      const report = { agentId: 'S1', frameworkId: framework_id.value, taskId: 't', traceId: '' };
      const status = (state: TaskState, id: string, at: number): TaskStatus => ({
        ...{ task_id: { value: 't' }, agent_id: { value: 'S1' }, state, uuid: id, timestamp: at },
      });
      await before.report({ ...report, status: status('TASK_STARTING', uuid, 1) });
      const source = await openDatabase({ ...offersDatabase, url: databaseUrl });
      const stored = () => source.getRepository(TaskSchema).find();
      await expect.poll(async () => (await stored())[0]?.record.state).toBe('TASK_STARTING');
      const written = await stored();
      const running = status('TASK_RUNNING', Buffer.from(uuid, 'base64').reverse().toString('base64'), 2);
      await before.report({ ...report, status: running });
      await scheduler.next('UPDATE');
      expect((await scheduler.next('UPDATE'))?.update?.status.state).toBe('TASK_RUNNING');
      const acknowledge = { agent_id: { value: 'S1' }, task_id: { value: 't' }, uuid: running.uuid };
      const answer = await before.call(scheduler.streamId, { type: 'ACKNOWLEDGE', framework_id, acknowledge });
      expect(answer.status).toBe(202);
      await before.stop();
      // As if it had been killed before it wrote that down.
      await source.getRepository(TaskSchema).save(written);
      await source.destroy();

      const after = new OffersCluster({ databaseUrl });
      await after.start();
      const reported = { frameworkId: framework_id.value, task: taskOf('t'), role: 'web', traceId: '' };
      const inDelivery = { uuid: running.uuid ?? '' };
      const registered = { reregistered: true, tasks: [{ ...reported, latestStatus: running, inDelivery }] };
      // What the agent had told before it came to the question of this life may be older than what that life passed on.
      const stale = { ...reported, latestStatus: status('TASK_STARTING', uuid, 1), inDelivery: { uuid } };
      after.registerAgent({ ...registered, tasks: [stale], asked: ['offers/before'] });
      await after.taken(AgentUsageV1);
      const info = { ...framework_info, id: framework_id };
      const subscribe = { type: 'SUBSCRIBE', framework_id, subscribe: { framework_info: info } };
      const back = await SchedulerClient.subscribe(after.url, subscribe);
      for (const tasks of [[], [{ task_id: { value: 't' } }]]) {
        await after.call(back.streamId, { type: 'RECONCILE', framework_id, reconcile: { tasks } });
      }
      await after.taken(ReregisterAgentV1);
      after.registerAgent({ ...registered, asked: [(await after.snapshot()).asOf.source] });
      expect((await back.next('UPDATE'))?.update?.status).toMatchObject({
        state: 'TASK_RUNNING',
        reason: 'REASON_RECONCILIATION',
      });
      back.close();
      await after.stop();
    });

    it('lists what has ended from the database, page by page, when the memory has long forgotten it', async () => {
      const cluster = new OffersCluster({ databaseUrl, maxCompletedTasksPerFramework: 3, maxCompletedFrameworks: 0 });
      await cluster.start();
      cluster.registerAgent();
      await cluster.taken(AgentUsageV1);
      const scheduler = await SchedulerClient.subscribe(cluster.url, {
        type: 'SUBSCRIBE',
        subscribe: { framework_info },
      });
      const framework_id = (await scheduler.next('SUBSCRIBED'))?.subscribed?.framework_id ?? { value: '' };
      await cluster.offer(framework_id.value, 'web');
      const [offer] = (await scheduler.next('OFFERS'))?.offers?.offers ?? [];
      const small = [{ ...resources[0], scalar: { value: 0.1 } }];
      const names = Array.from({ length: 11 }, (_, i) => `job-${String(i).padStart(2, '0')}`);
      const launch = { task_infos: names.map((name) => ({ ...taskOf(name), resources: small })) };
      await cluster.call(scheduler.streamId, {
        type: 'ACCEPT',
        framework_id,
        accept: { offer_ids: [offer?.id], operations: [{ type: 'LAUNCH', launch }] },
      });
      await cluster.taken(LaunchTasksV1, names.length);
      for (const taskId of names.slice(1)) {
        const status = {
          task_id: { value: taskId },
          state: 'TASK_FINISHED' as const,
          uuid,
          timestamp: Date.now() / 1000,
        };
        await cluster.report({ agentId: 'S1', frameworkId: framework_id.value, taskId, traceId: '', status });
        await scheduler.next('UPDATE');
        const acknowledge = { agent_id: { value: 'S1' }, task_id: { value: taskId }, uuid };
        await cluster.call(scheduler.streamId, { type: 'ACKNOWLEDGE', framework_id, acknowledge });
      }
      interface Listed {
        readonly items: { readonly id: string; readonly name: string; readonly frameworkName: string; state: string }[];
        readonly next?: string;
      }
      const get = async (path: string): Promise<Listed> => (await fetch(cluster.url + path)).json() as Promise<Listed>;
      const walk = async (query: string): Promise<string[]> => {
        const found: string[] = [];
        for (let page = await get(`/v1/tasks?limit=4${query}`); ; ) {
          found.push(...page.items.map(({ id }) => id));
          if (page.next === undefined) return found;
          expect(page.items).toHaveLength(4);
          page = await get(`/v1/tasks?limit=4${query}&after=${page.next}`);
        }
      };
      await expect.poll(async () => (await walk('')).length).toBe(11);
      expect((await walk('')).toSorted()).toEqual(names);
      expect(await walk('&live=true')).toEqual(['job-00']);
      expect(await walk('&state=TASK_FINISHED')).toHaveLength(10);
      expect(await walk('&startsWith=job-0&live=false')).toHaveLength(9);
      expect(await walk('&name=job-01')).toEqual(['job-01']);
      expect(await walk('&agentId=other')).toEqual([]);
      expect(await get('/v1/tasks/job-01')).toMatchObject({ id: 'job-01', state: 'TASK_FINISHED', frameworkName: 'f' });

      await cluster.call(scheduler.streamId, { type: 'TEARDOWN', framework_id });
      await expect
        .poll(async () => (await get('/v1/frameworks')).items)
        .toMatchObject([{ state: 'removed', name: 'f' }]);
      expect(await get(`/v1/frameworks/${framework_id.value}`)).toMatchObject({ state: 'removed' });
      expect((await get('/v1/frameworks?state=connected')).items).toEqual([]);
      await expect.poll(async () => (await walk('&state=TASK_KILLED')).length).toBe(1);
      expect(await get('/v1/tasks/job-01')).toMatchObject({ frameworkName: 'f' });
      await cluster.stop();

      const later = new OffersCluster({ databaseUrl, historyRetentionMs: 0 });
      await later.start();
      await expect
        .poll(async () => ((await (await fetch(`${later.url}/v1/tasks`)).json()) as Listed).items)
        .toEqual([]);
      await later.stop();
    });

    it('keeps frameworks without a failover timeout when the service itself stops', async () => {
      const before = new OffersCluster({ databaseUrl });
      await before.start();
      const info = { ...framework_info, failover_timeout: 0 };
      const scheduler = await SchedulerClient.subscribe(before.url, {
        type: 'SUBSCRIBE',
        subscribe: { framework_info: info },
      });
      await scheduler.next('SUBSCRIBED');
      await before.stop();
      expect(await scheduler.next('ERROR')).toBeUndefined();
      const after = new OffersCluster({ databaseUrl, recoveryGraceMs: 60_000 });
      await after.start();
      const { items } = (await (await fetch(`${after.url}/v1/frameworks`)).json()) as { items: unknown[] };
      expect(items).toMatchObject([{ state: 'recovered' }]);
      await after.stop();
    });
  });
