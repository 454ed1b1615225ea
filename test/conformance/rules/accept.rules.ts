import { expect } from 'vitest';
import { LaunchTasksV1, RecoverResourcesV1 } from '@tranche/contracts';
import type { OfferOperation, TaskStatus } from '@tranche/mesos-api';
import type { Scheduler } from '../scheduler.js';
import { accept, cpusAndMem, scalar, type Stage, taskInfo } from '../stage.js';
import { type Rule, rule } from '../rule.js';

/** Sends an ACCEPT that is void and gives the status that its task gets. */
async function voided(scheduler: Scheduler, offerIds: readonly string[], agentId = 'A'): Promise<Partial<TaskStatus>> {
  expect((await accept(scheduler, offerIds, [taskInfo('t', agentId)])).status).toBe(202);
  const { timestamp, ...status } = await scheduler.status();
  expect(timestamp).toBeTypeOf('number');
  return status;
}

const invalidOffers = (why: string, state = 'TASK_LOST', agentId = 'A') => ({
  task_id: { value: 't' },
  agent_id: { value: agentId },
  state,
  source: 'SOURCE_MASTER',
  reason: 'REASON_INVALID_OFFERS',
  message: `Task launched with invalid offers: ${why}`,
});

const operate = (scheduler: Scheduler, offerId: string, operations: readonly OfferOperation[], refuse_seconds = 7) =>
  scheduler.call({
    type: 'ACCEPT',
    accept: { offer_ids: [{ value: offerId }], operations: [...operations], filters: { refuse_seconds } },
  });

/** Nothing was launched and the framework heard nothing. */
async function nothingHappened(stage: Stage, scheduler: Scheduler): Promise<void> {
  expect(await scheduler.settled()).toEqual([]);
  expect(await stage.all(LaunchTasksV1)).toEqual([]);
}

/** Section 5: ACCEPT. */
export const acceptRules: readonly Rule[] = [
  rule('§5.1 at least one offer', 'a launch on no offer is void', async (stage) => {
    expect(await voided(await stage.subscribe(), [])).toEqual(invalidOffers('No offers specified'));
  }),
  rule('§5.1 no duplicates', 'an offer named twice voids the call, and goes back without a filter', async (stage) => {
    const scheduler = await stage.subscribe();
    const { id } = await stage.offer(scheduler);
    const status = await voided(scheduler, [id.value, id.value]);
    expect(status).toEqual(invalidOffers(`Duplicate offer ${id.value} in offer list`));
    expect(await stage.told(RecoverResourcesV1)).not.toHaveProperty('refuseSeconds');
  }),
  rule('§5.1 still outstanding', 'one offer that is gone voids the call; the others go back', async (stage) => {
    const scheduler = await stage.subscribe();
    const { id } = await stage.offer(scheduler);
    const status = await voided(scheduler, [id.value, 'M-O9']);
    expect(status).toEqual(invalidOffers('Offer M-O9 is no longer valid'));
    expect(await stage.told(RecoverResourcesV1)).not.toHaveProperty('refuseSeconds');
    expect(await voided(scheduler, [id.value])).toEqual(invalidOffers(`Offer ${id.value} is no longer valid`));
  }),
  rule('§5.1 own offers', "another framework's offer voids the call and stays with its owner", async (stage) => {
    const [owner, stranger] = [await stage.subscribe(), await stage.subscribe()];
    const { id } = await stage.offer(owner);
    expect((await voided(stranger, [id.value])).message).toContain(
      `Offer ${id.value} has invalid framework ${owner.frameworkId} while framework ${stranger.frameworkId} is expected`,
    );
    expect(await stage.all(RecoverResourcesV1)).toEqual([]);
  }),
  rule('§5.1 one role', 'offers of two roles void the call', async (stage) => {
    const scheduler = await stage.subscribe({ roles: ['web', 'batch'] });
    const agentId = await stage.agent();
    const ids = [await stage.offer(scheduler, { agentId }), await stage.offer(scheduler, { agentId, role: 'batch' })];
    const { message } = await voided(
      scheduler,
      ids.map(({ id }) => id.value),
    );
    expect(message).toContain('Aggregated offers must be allocated to the same role');
  }),
  rule('§5.1 one agent', 'offers of two agents void the call', async (stage) => {
    const scheduler = await stage.subscribe();
    const ids = [await stage.offer(scheduler), await stage.offer(scheduler)].map(({ id }) => id.value);
    expect((await voided(scheduler, ids)).message).toContain('Aggregated offers must belong to one single agent');
    expect(await stage.all(RecoverResourcesV1)).toHaveLength(2);
  }),
  rule('§5.1 PARTITION_AWARE', 'tasks of a void call are dropped rather than lost', async (stage) => {
    const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'PARTITION_AWARE' as const }];
    const scheduler = await stage.subscribe({ capabilities });
    const status = await voided(scheduler, ['M-O9']);
    expect(status).toEqual(invalidOffers('Offer M-O9 is no longer valid', 'TASK_DROPPED'));
  }),
  rule('§5.1 several offers of one agent', 'their sum is there to launch on', async (stage) => {
    const scheduler = await stage.subscribe();
    const agentId = await stage.agent();
    const resources = cpusAndMem(1, 64);
    const ids = [
      await stage.offer(scheduler, { agentId, resources }),
      await stage.offer(scheduler, { agentId, resources }),
    ];
    const task = taskInfo('t', agentId, { resources: cpusAndMem(2, 128) });
    await accept(
      scheduler,
      ids.map(({ id }) => id.value),
      [task],
    );
    expect((await stage.told(LaunchTasksV1)).task.resources).toMatchObject([{ scalar: { value: 2 } }, {}]);
    expect(await stage.all(RecoverResourcesV1)).toEqual([]);
  }),
  rule('§5.1 agent gone', 'an agent that is lost takes its offers with it', async (stage) => {
    const scheduler = await stage.subscribe();
    const offer = await stage.offer(scheduler);
    await stage.agentIs(offer.agent_id.value, 'removed');
    expect((await scheduler.next('RESCIND')).rescind).toEqual({ offer_id: offer.id });
    expect((await voided(scheduler, [offer.id.value])).reason).toBe('REASON_INVALID_OFFERS');
  }),
  rule('§5.2 step 1', 'a malformed resource fails all tasks of its LAUNCH', async (stage) => {
    const scheduler = await stage.subscribe();
    const offer = await stage.offer(scheduler);
    const agentId = offer.agent_id.value;
    const bad = taskInfo('bad', agentId, { resources: [scalar('cpus', -1)] });
    await accept(scheduler, [offer.id.value], [taskInfo('good', agentId), bad]);
    for (const taskId of ['good', 'bad']) {
      expect(await scheduler.status()).toMatchObject({
        task_id: { value: taskId },
        state: 'TASK_ERROR',
        reason: 'REASON_TASK_INVALID',
        message: expect.stringContaining('Invalid scalar resource: value <= 0'),
      });
    }
    await nothingHappened(stage, scheduler);
  }),
  rule('§5.2 step 2', 'an id on LAUNCH fails all its tasks', async (stage) => {
    const scheduler = await stage.subscribe();
    const { id, agent_id } = await stage.offer(scheduler);
    const launch = { task_infos: [taskInfo('t', agent_id.value)] };
    await operate(scheduler, id.value, [{ type: 'LAUNCH', id: { value: 'op' }, launch }]);
    expect(await scheduler.status()).toMatchObject({
      state: 'TASK_ERROR',
      message: 'The `id` field cannot be set on LAUNCH operations',
    });
  }),
  rule('§5.2 step 3', "the offer's role is filled into resources that leave it out", async (stage) => {
    const scheduler = await stage.subscribe();
    await stage.launch(scheduler, 't');
    const offer = await stage.offer(scheduler);
    await accept(scheduler, [offer.id.value], [taskInfo('u', offer.agent_id.value)]);
    const { role, task } = await stage.told(LaunchTasksV1);
    expect([role, task.resources?.map(({ allocation_info }) => allocation_info?.role)]).toEqual([
      'web',
      ['web', 'web'],
    ]);
  }),
  rule('§5.2 step 4', 'the framework of an executor and the type of a health check are filled in', async (stage) => {
    const scheduler = await stage.subscribe();
    const offer = await stage.offer(scheduler);
    const executor = { executor_id: { value: 'e' }, command: { value: 'x' } };
    const task = taskInfo('t', offer.agent_id.value, { executor, health_check: { http: { port: 80 } } });
    delete task.command;
    await accept(scheduler, [offer.id.value], [task]);
    expect((await stage.told(LaunchTasksV1)).task).toMatchObject({
      executor: { framework_id: { value: scheduler.frameworkId } },
      health_check: { type: 'HTTP' },
    });
  }),
  rule('§5.2 step 5', 'tasks are judged one by one against what those before them left', async (stage) => {
    const scheduler = await stage.subscribe();
    const { id, agent_id } = await stage.offer(scheduler, { resources: cpusAndMem(2, 1024) });
    const launch = (taskId: string, cpus: number): OfferOperation => ({
      type: 'LAUNCH',
      launch: { task_infos: [taskInfo(taskId, agent_id.value, { resources: cpusAndMem(cpus, 32) })] },
    });
    await operate(scheduler, id.value, [launch('a', 1.5), launch('b', 1), launch('c', 0.5)]);
    expect(await scheduler.status()).toMatchObject({ task_id: { value: 'b' }, state: 'TASK_ERROR' });
    const launched = [await stage.told(LaunchTasksV1), await stage.told(LaunchTasksV1)];
    expect(launched.map(({ task }) => task.task_id.value)).toEqual(['a', 'c']);
  }),
  rule('§5.2 step 6', 'the remainder goes back with the filters', async (stage) => {
    const scheduler = await stage.subscribe();
    const offer = await stage.offer(scheduler, { resources: cpusAndMem(2, 1024) });
    await accept(scheduler, [offer.id.value], [taskInfo('t', offer.agent_id.value)], 7);
    expect(await stage.told(RecoverResourcesV1)).toMatchObject({
      refuseSeconds: 7,
      resources: [scalar('cpus', 1), scalar('mem', 960)],
    });
  }),
  rule('§5.2 nothing to do', 'no operations, or a LAUNCH of no tasks, declines with the filters', async (stage) => {
    const scheduler = await stage.subscribe();
    for (const operations of [[], [{ type: 'LAUNCH' as const, launch: { task_infos: [] } }]]) {
      const { id } = await stage.offer(scheduler);
      expect((await operate(scheduler, id.value, operations)).status).toBe(202);
      expect(await stage.told(RecoverResourcesV1)).toMatchObject({ refuseSeconds: 7 });
    }
    await nothingHappened(stage, scheduler);
  }),
  rule('§5.2 operation without a type', 'it is passed over in silence', async (stage) => {
    const scheduler = await stage.subscribe();
    const { id } = await stage.offer(scheduler);
    const operations = [{ type: 'UNKNOWN' as const }];
    expect((await operate(scheduler, id.value, operations)).status).toBe(202);
    await nothingHappened(stage, scheduler);
  }),
  rule('§5.3 LAUNCH', 'the task goes to its agent with its framework', async (stage) => {
    const scheduler = await stage.subscribe({ name: 'mine' });
    const offer = await stage.offer(scheduler);
    await accept(scheduler, [offer.id.value], [taskInfo('t', offer.agent_id.value)]);
    expect(await stage.told(LaunchTasksV1)).toMatchObject({
      agentId: offer.agent_id.value,
      frameworkId: scheduler.frameworkId,
      framework: { name: 'mine' },
      task: { task_id: { value: 't' }, command: { value: 'true' } },
    });
  }),
];
