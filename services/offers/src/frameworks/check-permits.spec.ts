import { authorizerOf } from '@tranche/config';
import type { OfferOperation } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { acceptOffers } from '../offers/accept-offers.js';
import {
  FakeStream,
  frameworkInfo,
  offer,
  scalar,
  scene,
  type Scene,
  subscribe,
  taskInfo,
} from '../testing/offers.fakes.js';
import { subscribeFramework } from './subscribe-framework.js';
import { updateFramework } from './update-framework.js';

/** What principal `fw` may; everything else nobody. */
const ACLS = {
  permissive: false,
  register_frameworks: [{ principals: { values: ['fw'] }, roles: { values: ['web', 'eng/%'] } }],
  run_tasks: [{ principals: { values: ['fw'] }, users: { values: ['u', 'nobody'] } }],
  reserve_resources: [{ principals: { values: ['fw'] }, roles: { values: ['eng/%'] } }],
};
const restricted = (): Scene => scene(authorizerOf({ authAcls: JSON.stringify(ACLS) }));
const terms = (more = {}) => ({ info: frameworkInfo({ principal: 'fw', ...more }), suppressedRoles: [] });

describe('what a framework is permitted', () => {
  it.each([
    [{ principal: 'fw', roles: ['web', 'root'] }, 'Not authorized to register framework  with roles { root, web }'],
    [
      { principal: 'fw', roles: ['eng'], id: { value: 'X' } },
      'Not authorized to register framework X with roles { eng }',
    ],
    [{ principal: 'other', roles: ['web'] }, 'Not authorized to register framework  with roles { web }'],
    [{ principal: undefined, roles: ['web'] }, 'Not authorized to register framework  with roles { web }'],
  ])('refuses to subscribe %j', (info, message) => {
    const stream = new FakeStream();
    expect(subscribeFramework(restricted(), terms(info), stream)).toEqual({ ok: false, message });
    expect(stream.events[0]).toEqual({ type: 'ERROR', error: { message } });
  });

  it('lets it into all of its roles, and into no other later', () => {
    const context = restricted();
    const { framework } = subscribe(context, { principal: 'fw', roles: ['web', 'eng/a'] });
    const message = 'Not authorized to register framework C-0000 with roles { root }';
    expect(updateFramework(context, framework, terms({ roles: ['root'] }))).toEqual({ kind: 'forbidden', message });
    expect(framework.record.roles).toEqual(['web', 'eng/a']);
    expect(updateFramework(context, framework, terms({ roles: ['eng/b'] }))).toBeUndefined();
  });

  it('launches what runs as a user that it may, and says of the others that they are not authorized', async () => {
    const context = restricted();
    const { framework, stream } = subscribe(context, { principal: 'fw' });
    const id = offer(context, framework, { cpus: 4, mem: 512 });
    stream.take();
    const tasks = [
      taskInfo('own'),
      taskInfo('root', { command: { value: 'true', user: 'root' } }),
      taskInfo('nobody', { command: { value: 'true', user: 'nobody' } }),
    ];
    const launch: OfferOperation = { type: 'LAUNCH', launch: { task_infos: tasks } };
    await acceptOffers(context, framework, { offer_ids: [{ value: id }], operations: [launch] }, 'trace');
    expect(context.agents.launched.map(({ task }) => task.task_id.value)).toEqual(['own', 'nobody']);
    expect(stream.take().map(({ update }) => update?.status)).toMatchObject([
      {
        task_id: { value: 'root' },
        state: 'TASK_ERROR',
        source: 'SOURCE_MASTER',
        reason: 'REASON_TASK_UNAUTHORIZED',
        message: "Not authorized to launch as user 'root'",
      },
    ]);
    expect(context.state.tasks.get('C-0000', 'root')).toBeUndefined();
  });

  it('launches no task of a group with one that it may not', async () => {
    const context = restricted();
    const { framework, stream } = subscribe(context, { principal: 'fw' });
    const id = offer(context, framework, { cpus: 4, mem: 512 });
    stream.take();
    const tasks = [taskInfo('a'), taskInfo('b', { command: { value: 'true', user: 'root' } })];
    const group: OfferOperation = {
      type: 'LAUNCH_GROUP',
      launch_group: { executor: { type: 'DEFAULT', executor_id: { value: 'e' } }, task_group: { tasks } },
    };
    await acceptOffers(context, framework, { offer_ids: [{ value: id }], operations: [group] }, 'trace');
    const status = {
      state: 'TASK_ERROR',
      reason: 'REASON_TASK_GROUP_UNAUTHORIZED',
      message: "Task 'b' is not authorized to launch as user 'root'",
    };
    expect(stream.take().map(({ update }) => update?.status)).toMatchObject([
      { ...status, task_id: { value: 'a' } },
      { ...status, task_id: { value: 'b' } },
    ]);
    expect(context.agents.launched).toEqual([]);
  });

  it.each([
    ['that names root', { user: 'root' }, {}],
    ['of a framework of root', {}, { user: 'root' }],
  ])('launches no task of a group whose executor is a process %s', async (_, user, more) => {
    const context = restricted();
    const { framework, stream } = subscribe(context, { principal: 'fw', ...more });
    const id = offer(context, framework, { cpus: 4, mem: 512 });
    stream.take();
    const tasks = [taskInfo('a', { command: { value: 'true', user: 'nobody' } })];
    const executor = { type: 'CUSTOM' as const, executor_id: { value: 'e' }, command: { value: './run', ...user } };
    const operation: OfferOperation = { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks } } };
    await acceptOffers(context, framework, { offer_ids: [{ value: id }], operations: [operation] }, 'trace');
    const message = "Executor 'e' is not authorized to launch as user 'root'";
    expect(stream.take().map(({ update }) => update?.status)).toMatchObject([
      { task_id: { value: 'a' }, state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_UNAUTHORIZED', message },
    ]);
    expect(context.agents.launched).toEqual([]);
  });

  it('does no operation that it may not have done, and says so of one with an id', async () => {
    const context = restricted();
    const { framework, stream } = subscribe(context, { principal: 'fw', roles: ['web'] });
    const id = offer(context, framework, { cpus: 1, mem: 64 });
    stream.take();
    const reserved = {
      ...scalar('cpus', 1),
      reservations: [{ type: 'DYNAMIC' as const, role: 'web', principal: 'fw' }],
    };
    const reserve = (more = {}): OfferOperation => ({ type: 'RESERVE', reserve: { resources: [reserved] }, ...more });
    const operations = [reserve()];
    await acceptOffers(context, framework, { offer_ids: [{ value: id }], operations }, 'trace');
    expect(stream.take()).toEqual([]);
    expect(context.allocator.recovered).toMatchObject([{ resources: [scalar('cpus', 1), scalar('mem', 64)] }]);
    expect(context.state.operations.all().next().done).toBe(true);
  });
});
