import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.js';
import { FakeCluster } from './fake-cluster.js';
import type { FrameworkEvent } from './framework-event.js';
import { Scheduler } from './scheduler.js';
import type { SchedulerOptions } from './scheduler-options.js';

let cluster: FakeCluster;
let clock: FakeClock;
let open: Scheduler[] = [];

beforeEach(async () => {
  cluster = await FakeCluster.start();
  clock = new FakeClock();
});

afterEach(async () => {
  for (const scheduler of open) scheduler.close();
  open = [];
  await cluster.stop();
});

/** A scheduler of the fake cluster with its clock, and the events that it tells. */
function connect(options: Partial<SchedulerOptions> = {}): { scheduler: Scheduler; events: Events } {
  const framework = { user: 'root', name: 'test' };
  const scheduler = new Scheduler({ url: cluster.url, framework, clock, random: () => 1, ...options });
  open.push(scheduler);
  return { scheduler, events: new Events(scheduler) };
}

class Events {
  readonly #iterator: AsyncIterator<FrameworkEvent>;

  constructor(scheduler: Scheduler) {
    this.#iterator = scheduler[Symbol.asyncIterator]();
  }

  /** The next event, which must be of this type. */
  async next<T extends FrameworkEvent['type']>(type: T): Promise<Extract<FrameworkEvent, { type: T }>> {
    const { value } = await this.#iterator.next();
    expect(value?.type).toBe(type);
    return value as Extract<FrameworkEvent, { type: T }>;
  }

  nextResult(): Promise<IteratorResult<FrameworkEvent>> {
    return this.#iterator.next();
  }
}

describe('a subscription', () => {
  it('tells the id that the cluster gave', async () => {
    const { scheduler, events } = connect();
    const event = await events.next('subscribed');
    expect(event).toMatchObject({ frameworkId: 'fake-0000', heartbeatIntervalMs: 15_000, again: false });
    expect(scheduler.frameworkId).toBe('fake-0000');
  });

  it('sends the framework as it was given, with suppressed roles', async () => {
    const framework = { user: 'u', name: 'n', roles: ['a', 'b'], capabilities: [{ type: 'MULTI_ROLE' as const }] };
    const { events } = connect({ framework, suppressedRoles: ['b'] });
    await events.next('subscribed');
    expect(await cluster.nextCall('SUBSCRIBE')).toEqual({
      type: 'SUBSCRIBE',
      subscribe: { framework_info: framework, suppressed_roles: ['b'] },
    });
  });

  it('takes over a framework by its id', async () => {
    const { events } = connect({ framework: { user: 'u', name: 'n', id: { value: 'fake-0000' } } });
    await events.next('subscribed');
    expect(await cluster.nextCall('SUBSCRIBE')).toMatchObject({
      framework_id: { value: 'fake-0000' },
      subscribe: { framework_info: { id: { value: 'fake-0000' } } },
    });
  });

  it('reads records however they are cut into chunks', async () => {
    const { events } = connect();
    await events.next('subscribed');
    const record = Buffer.from('58\n{"type":"RESCIND","rescind":{"offer_id":{"value":"O-\u00e9"}}}\n'.trim());
    cluster.sendBytes(record.subarray(0, 1));
    cluster.sendBytes(record.subarray(1, 20));
    cluster.sendBytes(record.subarray(20));
    expect(await events.next('rescind')).toEqual({ type: 'rescind', offerId: 'O-é' });
  });

  it('ends when the loop is left, and can be begun again under the same id', async () => {
    const { scheduler } = connect();
    for await (const event of scheduler) if (event.type === 'subscribed') break;
    await expect(scheduler.revive()).rejects.toMatchObject({ code: 'scheduler/not-subscribed' });
    for await (const event of scheduler) if (event.type === 'subscribed') break;
    await cluster.nextCall('SUBSCRIBE');
    expect(await cluster.nextCall('SUBSCRIBE')).toMatchObject({ framework_id: { value: 'fake-0000' } });
  });

  it('refuses a second loop at the same time', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    await expect(new Events(scheduler).nextResult()).rejects.toThrow('iterated over already');
  });

  it('follows redirects, and makes calls where they lead', async () => {
    const target = cluster.url;
    const standby = await FakeCluster.start({
      answer: () => ({ status: 307, headers: { Location: `${target.slice('http:'.length)}/master/api/v1/scheduler` } }),
    });
    const { scheduler, events } = connect({ url: standby.url });
    await events.next('subscribed');
    await scheduler.revive();
    expect(cluster.calls.map((call) => call.type)).toEqual(['SUBSCRIBE', 'REVIVE']);
    expect(standby.calls).toHaveLength(1);
    await standby.stop();
  });

  it('sends credentials with every request', async () => {
    const seen: (string | undefined)[] = [];
    const server = await FakeCluster.start({
      handle: (request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(401).end('401 Unauthorized.');
      },
    });
    const { events } = connect({ url: `${server.url}/other`, credential: { principal: 'p', secret: 's' } });
    await expect(events.nextResult()).rejects.toMatchObject({ code: 'scheduler/call-refused', status: 401 });
    expect(seen).toEqual([`Basic ${Buffer.from('p:s').toString('base64')}`]);
    await server.stop();
  });
});

describe('a lost connection', () => {
  it('is told with its reason and the time until the next attempt, and the id is kept', async () => {
    const { events } = connect();
    await events.next('subscribed');
    cluster.breakStream();
    expect(await events.next('disconnected')).toMatchObject({ reason: 'connection-closed', retryInMs: 200 });
    const again = events.next('subscribed');
    clock.advance(200);
    expect(await again).toMatchObject({ frameworkId: 'fake-0000', again: true });
    await cluster.nextCall('SUBSCRIBE');
    expect(await cluster.nextCall('SUBSCRIBE')).toMatchObject({ framework_id: { value: 'fake-0000' } });
  });

  it('is noticed when five heartbeats are missed', async () => {
    const { events } = connect();
    await events.next('subscribed');
    const event = events.next('disconnected');
    while (!clock.pendingMs.includes(75_000)) await new Promise(setImmediate);
    clock.advance(75_000);
    expect(await event).toMatchObject({ reason: 'heartbeats-missed', detail: 'nothing heard for 75 s' });
  });

  it('is not assumed while the framework takes its time for an event', async () => {
    const { events } = connect();
    await events.next('subscribed');
    clock.advance(1_000_000);
    cluster.send({ type: 'RESCIND', rescind: { offer_id: { value: 'O' } } });
    await events.next('rescind');
  });

  it('is assumed when the stream is not RecordIO', async () => {
    const { events } = connect();
    await events.next('subscribed');
    cluster.sendBytes(Buffer.from('nonsense\n'));
    expect(await events.next('disconnected')).toMatchObject({ reason: 'malformed-stream' });
  });

  it('is retried with growing waits while the cluster has no leader', async () => {
    cluster.options.answer = () => ({ status: 503, body: 'No leader elected' });
    const { events } = connect();
    expect(await events.next('disconnected')).toMatchObject({ detail: 'No leader elected', retryInMs: 200 });
    const second = events.next('disconnected');
    clock.advance(200);
    expect(await second).toMatchObject({ reason: 'unavailable', retryInMs: 400 });
    delete cluster.options.answer;
    const subscribed = events.next('subscribed');
    clock.advance(400);
    expect(await subscribed).toMatchObject({ again: false });
  });

  it('makes calls fail until there is a subscription again', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    cluster.breakStream();
    await events.next('disconnected');
    await expect(scheduler.suppress()).rejects.toMatchObject({ code: 'scheduler/not-subscribed' });
  });

  it('ends the loop at once without patience', async () => {
    const { events } = connect({ firstPatienceMs: 0 });
    await cluster.stop();
    await expect(events.nextResult()).rejects.toMatchObject({
      code: 'scheduler/unreachable',
      reason: 'connection refused',
    });
    cluster = await FakeCluster.start();
  });

  it('ends the loop when patience is over', async () => {
    const { events } = connect({ patienceMs: 500 });
    await events.next('subscribed');
    cluster.options.answer = () => ({ status: 503, body: 'No leader elected' });
    cluster.breakStream();
    await events.next('disconnected');
    const second = events.nextResult();
    clock.advance(200);
    await expect(second).rejects.toMatchObject({ code: 'scheduler/unreachable', reason: 'No leader elected' });
  });

  it('ends quietly when the scheduler is closed while it waits', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    cluster.breakStream();
    await events.next('disconnected');
    const end = events.nextResult();
    scheduler.close();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  it('is followed by questions about every live task until each is answered', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    const offer = cluster.offer();
    await events.next('offers');
    const task = (id: string) => ({ name: id, task_id: { value: id }, agent_id: { value: 'fake-S0' } });
    await scheduler.launch(offer, [task('a'), task('b'), task('c')]);
    cluster.update('a', { state: 'TASK_FINISHED' });
    await events.next('update');
    cluster.breakStream();
    await events.next('disconnected');
    const again = events.next('subscribed');
    clock.advance(200);
    await again;
    const first = await cluster.nextCall('RECONCILE');
    expect(first.reconcile?.tasks).toEqual([
      { task_id: { value: 'b' }, agent_id: { value: 'fake-S0' } },
      { task_id: { value: 'c' }, agent_id: { value: 'fake-S0' } },
    ]);
    cluster.update('b', { state: 'TASK_RUNNING' });
    await events.next('update');
    while (!clock.pendingMs.some((ms) => ms <= 5_000)) await new Promise(setImmediate);
    clock.advance(5_000);
    const second = await cluster.nextCall('RECONCILE');
    expect(second.reconcile?.tasks?.map(({ task_id }) => task_id.value)).toEqual(['c']);
  });
});

describe('an ERROR event', () => {
  it.each([
    ['Framework failed over', 'scheduler/failed-over'],
    ['Framework has been removed', 'scheduler/framework-removed'],
    ["Roles { x } are not present in the master's --roles", 'scheduler/subscription-refused'],
  ])('%s ends the loop for good', async (message, code) => {
    const { events } = connect();
    await events.next('subscribed');
    cluster.send({ type: 'ERROR', error: { message } });
    await expect(events.nextResult()).rejects.toMatchObject({ code, detail: message });
  });
});

describe('calls', () => {
  it('launch tasks with an offer', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    const offer = cluster.offer();
    await events.next('offers');
    const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'fake-S0' } };
    await scheduler.launch(offer, [task], { refuse_seconds: 0 });
    expect(await cluster.nextCall('ACCEPT')).toEqual({
      framework_id: { value: 'fake-0000' },
      type: 'ACCEPT',
      accept: {
        offer_ids: [{ value: 'fake-O0' }],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }],
        filters: { refuse_seconds: 0 },
      },
    });
  });

  it('launching nothing declines', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    await scheduler.launch('fake-O0', [], { refuse_seconds: 60 });
    expect((await cluster.nextCall('DECLINE')).decline).toEqual({
      offer_ids: [{ value: 'fake-O0' }],
      filters: { refuse_seconds: 60 },
    });
  });

  it('kill a task with the grace that is asked for', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    await scheduler.kill('t', { agentId: 'S0', gracePeriodMs: 5000 });
    expect((await cluster.nextCall('KILL')).kill).toEqual({
      task_id: { value: 't' },
      agent_id: { value: 'S0' },
      kill_policy: { grace_period: { nanoseconds: 5e9 } },
    });
  });

  it('arrive in the order in which they were made, awaited or not', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    const ids = Array.from({ length: 50 }, (_, index) => `t${index}`);
    await Promise.all(ids.map((id) => scheduler.kill(id)));
    expect(cluster.calls.slice(1).map((call) => call.kill?.task_id.value)).toEqual(ids);
  });

  it('fail with the status and the text of a refusal', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    cluster.options.answer = () => ({ status: 400, body: 'Framework cannot be found' });
    await expect(scheduler.revive()).rejects.toMatchObject({
      code: 'scheduler/call-refused',
      callType: 'REVIVE',
      status: 400,
      detail: 'Framework cannot be found',
    });
  });

  it('fail when the cluster does not answer in time, and say so', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    cluster.options.answer = ({ type }) => (type === 'MESSAGE' ? 'silence' : undefined);
    const call = scheduler.message('S0', 'e1', Buffer.from('ping'));
    await cluster.nextCall('MESSAGE');
    clock.advance(10_000);
    await expect(call).rejects.toMatchObject({ code: 'scheduler/call-lost', reason: 'no answer for 10 s' });
  });

  it('name roles only when some are named', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    await scheduler.suppress();
    await scheduler.revive(['web']);
    expect(await cluster.nextCall('SUPPRESS')).not.toHaveProperty('suppress');
    expect((await cluster.nextCall('REVIVE')).revive).toEqual({ roles: ['web'] });
  });

  it('replace what the cluster knows of the framework, and later subscriptions say so too', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    await scheduler.updateFramework({ user: 'root', name: 'renamed' });
    expect((await cluster.nextCall('UPDATE_FRAMEWORK')).update_framework?.framework_info).toEqual({
      user: 'root',
      name: 'renamed',
      id: { value: 'fake-0000' },
    });
  });

  it('keep suppressed roles and offer constraints in an update, for the roles that stay', async () => {
    const exists = { selector: { attribute_name: 'rack' }, predicate: { exists: {} } };
    const constraint = { groups: [{ attribute_constraints: [exists] }] };
    const offerConstraints = { role_constraints: { web: constraint, old: constraint } };
    const framework = { user: 'root', name: 'many', roles: ['web', 'batch', 'old'] };
    const { scheduler, events } = connect({ framework, suppressedRoles: ['old'], offerConstraints });
    await events.next('subscribed');
    await scheduler.suppress(['batch', 'web']);
    await scheduler.revive(['web']);
    const next = { ...framework, roles: ['web', 'batch'] };
    await scheduler.updateFramework(next);
    expect((await cluster.nextCall('UPDATE_FRAMEWORK')).update_framework).toEqual({
      framework_info: { ...next, id: { value: 'fake-0000' } },
      suppressed_roles: ['batch'],
      offer_constraints: { role_constraints: { web: constraint } },
    });
    await scheduler.updateFramework(next, { suppressedRoles: ['web'], offerConstraints: {} });
    expect((await cluster.nextCall('UPDATE_FRAMEWORK')).update_framework).toMatchObject({
      suppressed_roles: ['web'],
      offer_constraints: {},
    });
    await scheduler.suppress();
    await scheduler.updateFramework(next);
    const { update_framework } = await cluster.nextCall('UPDATE_FRAMEWORK');
    expect(update_framework?.suppressed_roles).toEqual(['web', 'batch']);
    expect(update_framework).not.toHaveProperty('offer_constraints');
    await scheduler.revive();
    await scheduler.updateFramework(next);
    expect((await cluster.nextCall('UPDATE_FRAMEWORK')).update_framework).not.toHaveProperty('suppressed_roles');
  });

  it('tear down the framework and end the loop', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    const end = events.nextResult();
    await scheduler.teardown();
    expect(await end).toEqual({ done: true, value: undefined });
    expect(cluster.calls.at(-1)?.type).toBe('TEARDOWN');
  });
});

describe('protobuf', () => {
  it('shows the framework the same documents as JSON', async () => {
    const { scheduler, events } = connect({ format: 'protobuf' });
    expect(await events.next('subscribed')).toMatchObject({ frameworkId: 'fake-0000', heartbeatIntervalMs: 15_000 });
    const offer = cluster.offer();
    expect((await events.next('offers')).offers).toEqual([offer]);
    const task = {
      name: 't',
      task_id: { value: 't' },
      agent_id: { value: 'fake-S0' },
      resources: offer.resources ?? [],
    };
    await scheduler.launch(offer, [task]);
    expect((await cluster.nextCall('ACCEPT')).accept?.operations?.[0]?.launch?.task_infos).toEqual([task]);
    cluster.update('t', { state: 'TASK_RUNNING', uuid: '2qhNAhjKTNCPEPj0zd1zAw==' });
    expect((await events.next('update')).status.uuid).toBe('2qhNAhjKTNCPEPj0zd1zAw==');
  });

  it('does not retry what cannot be written', async () => {
    const { events } = connect({ format: 'protobuf', framework: { name: 'n' } as never });
    await expect(events.nextResult()).rejects.toThrow('user');
  });
});

describe('acknowledgement', () => {
  it('of an operation comes when the loop asks for more, too', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    const uuid = '2qhNAhjKTNCPEPj0zd1zAw==';
    const agent_id = { value: 'A' };
    const status = {
      operation_id: { value: 'op' },
      state: 'OPERATION_FINISHED',
      uuid: { value: uuid },
      agent_id,
    } as const;
    cluster.send({ type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
    await events.next('operation-update');
    void events.nextResult();
    expect((await cluster.nextCall('ACKNOWLEDGE_OPERATION_STATUS')).acknowledge_operation_status).toEqual({
      uuid,
      operation_id: { value: 'op' },
      agent_id,
    });
    await scheduler.reconcileOperations([{ operationId: 'op', agentId: 'A' }]);
    expect((await cluster.nextCall('RECONCILE_OPERATIONS')).reconcile_operations).toEqual({
      operations: [{ operation_id: { value: 'op' }, agent_id }],
    });
  });

  it('follows when the loop asks for the next event', async () => {
    const { events } = connect();
    await events.next('subscribed');
    cluster.update('t', { state: 'TASK_RUNNING', uuid: '2qhNAhjKTNCPEPj0zd1zAw==' });
    await events.next('update');
    await new Promise(setImmediate);
    expect(cluster.calls.map((call) => call.type)).toEqual(['SUBSCRIBE']);
    void events.nextResult();
    expect((await cluster.nextCall('ACKNOWLEDGE')).acknowledge).toEqual({
      agent_id: { value: 'fake-S0' },
      task_id: { value: 't' },
      uuid: '2qhNAhjKTNCPEPj0zd1zAw==',
    });
  });

  it('is left to the framework when it wants it so', async () => {
    const { scheduler, events } = connect({ acknowledge: 'manual' });
    await events.next('subscribed');
    cluster.update('t', { state: 'TASK_RUNNING' });
    cluster.update('t', { state: 'TASK_FINISHED' });
    const { status } = await events.next('update');
    await events.next('update');
    expect(cluster.calls).toHaveLength(1);
    await scheduler.acknowledge(status);
    expect(cluster.calls.at(-1)?.acknowledge?.uuid).toBe(status.uuid);
  });

  it('is not sent for updates of the cluster itself, which have no uuid', async () => {
    const { scheduler, events } = connect();
    await events.next('subscribed');
    await scheduler.acknowledge({ task_id: { value: 't' }, state: 'TASK_LOST', source: 'SOURCE_MASTER' });
    expect(cluster.calls).toHaveLength(1);
  });
});
