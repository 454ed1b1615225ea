import type { OfferOperation, SchedulerCallAccept, TaskInfo } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import type { Framework } from '../frameworks/framework.js';
import { offer, scalar, type Scene, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { acceptOffers } from './accept-offers.js';

const launch = (...tasks: TaskInfo[]): OfferOperation => ({ type: 'LAUNCH', launch: { task_infos: tasks } });

const accept = (
  context: Scene,
  framework: Framework,
  offerIds: string[],
  operations: OfferOperation[],
  more: Partial<SchedulerCallAccept> = {},
): Promise<boolean> =>
  acceptOffers(context, framework, { offer_ids: offerIds.map((value) => ({ value })), operations, ...more }, 'trace');

describe('acceptOffers', () => {
  it('launches several tasks on several offers of one agent and returns the rest with the filter', async () => {
    const context = scene();
    const { framework } = subscribe(context);
    const ids = [offer(context, framework, { cpus: 1, mem: 64 }), offer(context, framework, { cpus: 1, mem: 64 })];
    const big = taskInfo('t1', { resources: [scalar('cpus', 1.5), scalar('mem', 32)] });
    await accept(context, framework, ids, [launch(big, taskInfo('t2'))], { filters: { refuse_seconds: 3 } });
    expect(context.agents.launched.map(({ task }) => task.task_id.value)).toEqual(['t1', 't2']);
    expect(context.agents.launched[0]).toMatchObject({
      agentId: 'S1',
      role: 'web',
      traceId: 'trace',
      framework: { name: 'f' },
      task: { resources: [{ allocation_info: { role: 'web' } }, {}] },
    });
    expect(context.allocator.recovered).toEqual([
      { frameworkId: 'C-0000', agentId: 'S1', role: 'web', resources: [scalar('mem', 64)], refuseSeconds: 3 },
    ]);
    expect(context.changes.ended.map(([, outcome]) => outcome)).toEqual(['accepted', 'accepted']);
    expect(context.state.tasks.get('C-0000', 't1')?.record).toMatchObject({ state: 'TASK_STAGING', user: 'u' });
  });

  it.each([
    ['without operations', []],
    ['with a launch of no tasks', [launch()]],
    ['with an operation of no type', [{}]],
  ])('%s declines with its filters', async (_what, operations) => {
    const context = scene();
    const { framework } = subscribe(context);
    const id = offer(context, framework);
    await accept(context, framework, [id], operations);
    expect(context.changes.ended).toEqual([[id, 'declined']]);
    expect(context.allocator.recovered).toMatchObject([{ refuseSeconds: 5 }]);
  });

  it('drops the tasks of an unknown offer, and returns the known ones without a filter', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    const id = offer(context, framework);
    stream.take();
    await accept(context, framework, [id, 'no-such-offer'], [launch(taskInfo('t1'))]);
    expect(stream.take()[0]?.update?.status).toEqual({
      task_id: { value: 't1' },
      agent_id: { value: 'S1' },
      state: 'TASK_LOST',
      source: 'SOURCE_MASTER',
      reason: 'REASON_INVALID_OFFERS',
      message: 'Task launched with invalid offers: Offer no-such-offer is no longer valid',
      timestamp: 1_000,
    });
    expect(context.allocator.recovered).toHaveLength(1);
    expect(context.allocator.recovered[0]).not.toHaveProperty('refuseSeconds');
    expect(context.agents.launched).toEqual([]);
  });

  it('says TASK_DROPPED to a framework that is PARTITION_AWARE', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context, {
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }],
    });
    await accept(context, framework, ['gone'], [launch(taskInfo('t1'))]);
    expect(stream.take()[0]?.update?.status.state).toBe('TASK_DROPPED');
  });

  it('refuses the same offer twice, offers of another framework, and offers of two agents or roles', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context, { roles: ['web', 'batch'] });
    const other = subscribe(context);
    const foreign = offer(context, other.framework);
    const reasons: (string | undefined)[] = [];
    for (const ids of [
      (id: string) => [id, id],
      () => [foreign],
      (id: string) => [id, offer(context, framework, { agentId: 'S2' })],
      (id: string) => [id, offer(context, framework, { role: 'batch' })],
    ]) {
      const id = offer(context, framework);
      stream.take();
      await accept(context, framework, ids(id), [launch(taskInfo('t1'))]);
      reasons.push(stream.take().at(-1)?.update?.status.message);
    }
    expect(reasons).toEqual([
      'Task launched with invalid offers: Duplicate offer C-O1 in offer list',
      'Task launched with invalid offers: Offer C-O0 has invalid framework C-0001 while framework C-0000 is expected',
      'Task launched with invalid offers: Aggregated offers must belong to one single agent. Offer C-O4 uses agent S2 and agent S1',
      "Task launched with invalid offers: Aggregated offers must be allocated to the same role. Offer C-O6 uses role 'batch but another is using role 'web",
    ]);
    expect(context.state.offers.get(foreign)).toBeDefined();
  });

  it('judges each task by itself against what earlier ones left', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    const id = offer(context, framework, { cpus: 1, mem: 64 });
    stream.take();
    await accept(context, framework, [id], [launch(taskInfo('t1'), taskInfo('t1'), taskInfo('t2'), taskInfo('t3'))]);
    expect(context.agents.launched.map(({ task }) => task.task_id.value)).toEqual(['t1', 't2']);
    expect(
      stream.take().map(({ update }) => [update?.status.state, update?.status.reason, update?.status.message]),
    ).toEqual([
      ['TASK_ERROR', 'REASON_TASK_INVALID', 'Task has duplicate ID: t1'],
      [
        'TASK_ERROR',
        'REASON_TASK_INVALID',
        'Total resources cpus(allocated: web):0.5; mem(allocated: web):32 required by task and its executor is more than available {}',
      ],
    ]);
  });

  it('fails all tasks of an operation with a malformed resource, or with an id', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    const wrong = taskInfo('t1', { resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: -1 } }] });
    const id = offer(context, framework);
    stream.take();
    await accept(
      context,
      framework,
      [id],
      [launch(wrong, taskInfo('t2')), { ...launch(taskInfo('t3')), id: { value: 'op' } }],
    );
    expect(stream.take().map(({ update }) => [update?.status.task_id.value, update?.status.message])).toEqual([
      ['t1', "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0"],
      ['t2', "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0"],
      ['t3', 'The `id` field cannot be set on LAUNCH operations'],
    ]);
    expect(context.allocator.recovered).toMatchObject([{ resources: [scalar('cpus', 2), scalar('mem', 1024)] }]);
  });

  it.each([
    ['agent-gone', 'REASON_AGENT_REMOVED', 'Agent removed'],
    ['broker-away', 'REASON_AGENT_DISCONNECTED', 'Agent disconnected'],
  ] as const)('tells why when the launch cannot be delivered: %s', async (delivery, reason, message) => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    context.agents.delivery = delivery;
    const id = offer(context, framework, { cpus: 0.5, mem: 32 });
    stream.take();
    await accept(context, framework, [id], [launch(taskInfo('t1'))]);
    expect(stream.take()[0]?.update?.status).toMatchObject({ state: 'TASK_LOST', reason, message });
    expect(context.allocator.recovered).toMatchObject([{ resources: [scalar('cpus', 0.5), scalar('mem', 32)] }]);
    expect(context.state.tasks.get('C-0000', 't1')).toBeUndefined();
  });

  it('tells nothing, and has no answer, when this life has ended on the way: the agent may have the launch', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    context.agents.delivery = 'abandoned';
    const id = offer(context, framework, { cpus: 0.5, mem: 32 });
    stream.take();
    expect(await accept(context, framework, [id], [launch(taskInfo('t1'))])).toBe(false);
    expect([stream.take(), context.allocator.recovered]).toEqual([[], []]);
    expect(context.state.tasks.get('C-0000', 't1')?.stage).toBe('live');
  });
});
