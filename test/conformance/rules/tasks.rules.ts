// size: one table, a row per rule of one section of the reference; split, the section could not be read beside it.
import { expect } from 'vitest';
import { AcknowledgeStatusV1, KillTaskV1, RecoverResourcesV1 } from '@tranche/contracts';
import type { SchedulerCallReconcileTask, TaskInfo, TaskState } from '@tranche/mesos-api';
import type { Scheduler } from '../scheduler.js';
import { agentRecord, Stage } from '../stage.js';
import { type Rule, rule } from '../rule.js';

const AWARE = { capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'PARTITION_AWARE' as const }] };

const acknowledge = (scheduler: Scheduler, { agent_id, task_id }: TaskInfo, uuid: string) =>
  scheduler.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });

const reconcile = (scheduler: Scheduler, ...tasks: SchedulerCallReconcileTask[]) =>
  scheduler.call({ type: 'RECONCILE', reconcile: { tasks } });

const kill = (scheduler: Scheduler, taskId: string, more: object = {}) =>
  scheduler.call({ type: 'KILL', kill: { task_id: { value: taskId }, ...more } });

/** States of live tasks, as an implicit reconciliation tells them. */
async function latest(scheduler: Scheduler): Promise<(TaskState | undefined)[]> {
  await reconcile(scheduler);
  return (await scheduler.settled()).map(({ update }) => update?.status.state);
}

/** What a task's framework is told when its agent comes to that state. */
async function toldOfLoss(stage: Stage, state: 'unreachable' | 'removed' | 'gone', info = {}) {
  const scheduler = await stage.subscribe(info);
  const task = await stage.launch(scheduler, 't');
  await stage.agentIs(task.agent_id.value, state, 'why');
  const { timestamp: _now, ...status } = await scheduler.status();
  expect(status).toMatchObject({ source: 'SOURCE_MASTER', agent_id: task.agent_id });
  expect(status).not.toHaveProperty('uuid');
  return [status.state, status.reason, status.message?.replace(task.agent_id.value, 'A'), status.unreachable_time];
}

const answered = (state: TaskState, message: string, more: object = {}) => ({
  state,
  message: `Reconciliation: ${message}`,
  source: 'SOURCE_MASTER',
  reason: 'REASON_RECONCILIATION',
  ...more,
});

/** The answer to an explicit reconciliation of task `t`, for a framework of each kind. */
async function answers(stage: Stage, agentId: string | undefined): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const info of [{}, AWARE]) {
    const scheduler = await stage.subscribe(info);
    await reconcile(scheduler, {
      task_id: { value: 't' },
      ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
    });
    const { timestamp: _now, ...status } = await scheduler.status();
    all.push(status);
  }
  return all;
}

/** Section 8: states and acknowledgements. Sections 9 and 10: KILL and reconciliation. */
export const taskRules: readonly Rule[] = [
  rule('§8 states', 'a task is staging until told otherwise, then what its agent says', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    expect(await latest(scheduler)).toEqual(['TASK_STAGING']);
    for (const state of ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'] as const) {
      await stage.report(scheduler, task, { state });
      expect((await scheduler.status()).state).toBe(state);
      expect(await latest(scheduler)).toEqual([state]);
    }
  }),
  rule('§8 terminal states', 'they free the resources at once and are final', async (stage) => {
    const ends = ['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_ERROR', 'TASK_DROPPED', 'TASK_GONE'] as const;
    for (const state of ends) {
      const scheduler = await stage.subscribe();
      const task = await stage.launch(scheduler, 't');
      await stage.told(RecoverResourcesV1);
      await stage.report(scheduler, task, { state });
      await scheduler.next('UPDATE');
      await stage.told(RecoverResourcesV1, ({ refuseSeconds }) => refuseSeconds === undefined);
      await stage.report(scheduler, task, { state: 'TASK_RUNNING' });
      await scheduler.next('UPDATE');
      expect(await latest(scheduler)).toEqual([state]);
    }
  }),
  rule('§8 acknowledgement', 'updates of agents have a uuid; acknowledged it goes to the agent', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    const uuid = await stage.report(scheduler, task, {});
    expect((await scheduler.status()).uuid).toBe(uuid);
    await acknowledge(scheduler, task, uuid);
    const { frameworkId } = scheduler;
    expect(await stage.told(AcknowledgeStatusV1)).toEqual({ frameworkId, taskId: 't', uuid });
  }),
  rule('§8 repeated update', 'the same uuid is passed on again', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    const uuid = await stage.report(scheduler, task, {});
    await stage.report(scheduler, task, { uuid });
    expect([(await scheduler.status()).uuid, (await scheduler.status()).uuid]).toEqual([uuid, uuid]);
  }),
  rule('§8 ACKNOWLEDGE dropped', 'one of a task of which nothing was passed on is dropped', async (stage) => {
    const scheduler = await stage.subscribe();
    await acknowledge(scheduler, await stage.launch(scheduler, 't'), stage.uuid());
    expect(await stage.all(AcknowledgeStatusV1)).toEqual([]);
  }),
  rule('§8 stale uuid', 'it is forwarded for the agent to ignore, and completes nothing', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    await stage.report(scheduler, task, { state: 'TASK_FINISHED' });
    await scheduler.next('UPDATE');
    await acknowledge(scheduler, task, stage.uuid());
    await stage.told(AcknowledgeStatusV1);
    expect(await latest(scheduler)).toEqual(['TASK_FINISHED']);
  }),
  rule('§8 completion', 'an ended task stays until its last update is acknowledged', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    const uuid = await stage.report(scheduler, task, { state: 'TASK_FINISHED' });
    await scheduler.next('UPDATE');
    expect(await latest(scheduler)).toEqual(['TASK_FINISHED']);
    await acknowledge(scheduler, task, uuid);
    expect(await latest(scheduler)).toEqual([]);
  }),
  rule('§8 data', 'it is delivered once and not kept', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    await stage.report(scheduler, task, { data: 'aGVsbG8=' });
    expect((await scheduler.status()).data).toBe('aGVsbG8=');
    await reconcile(scheduler);
    expect(await scheduler.status()).not.toHaveProperty('data');
  }),
  rule('§8 what the master fills in', 'agent and time are there when the agent left them out', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    await stage.report(scheduler, task, { agent_id: undefined, timestamp: undefined });
    const { agent_id, timestamp } = await scheduler.status();
    expect([agent_id, typeof timestamp]).toEqual([task.agent_id, 'number']);
  }),
  rule(
    '§8 loss: connection broke',
    'tasks without checkpoints are lost at once, others are waited for',
    async (stage) => {
      for (const info of [{}, AWARE]) {
        const plain = await stage.subscribe({ ...info, checkpoint: false });
        const task = await stage.launch(plain, 't');
        await stage.agentIs(task.agent_id.value, 'disconnected');
        expect(await plain.status()).toMatchObject({
          state: 'TASK_LOST',
          source: 'SOURCE_MASTER',
          reason: 'REASON_AGENT_DISCONNECTED',
          message: expect.stringMatching(/^Agent host-\S+ disconnected$/),
        });
        const checkpointing = await stage.subscribe({ ...info, checkpoint: true });
        const kept = await stage.launch(checkpointing, 't');
        await stage.agentIs(kept.agent_id.value, 'disconnected');
        expect((await checkpointing.settled()).filter(({ type }) => type === 'UPDATE')).toEqual([]);
      }
    },
  ),
  rule('§8 loss: silence', 'tasks of an unreachable agent are lost, or unreachable since then', async (stage) => {
    expect(await toldOfLoss(stage, 'unreachable')).toEqual(['TASK_LOST', 'REASON_AGENT_REMOVED', 'why', undefined]);
    expect(await toldOfLoss(stage, 'unreachable', AWARE)).toEqual([
      'TASK_UNREACHABLE',
      'REASON_AGENT_REMOVED',
      'why',
      { nanoseconds: '1700000000000000000' },
    ]);
  }),
  rule('§8 loss: removed', 'tasks of an agent that left are lost', async (stage) => {
    const lost = ['TASK_LOST', 'REASON_AGENT_REMOVED', 'Agent host-A removed: why', undefined];
    expect(await toldOfLoss(stage, 'removed')).toEqual(lost);
    expect(await toldOfLoss(stage, 'removed', AWARE)).toEqual(lost);
  }),
  rule('§8 loss: gone', 'tasks of an agent declared gone are lost, or gone by operator', async (stage) => {
    expect((await toldOfLoss(stage, 'gone')).slice(0, 2)).toEqual(['TASK_LOST', 'REASON_AGENT_REMOVED']);
    expect((await toldOfLoss(stage, 'gone', AWARE)).slice(0, 2)).toEqual([
      'TASK_GONE_BY_OPERATOR',
      'REASON_AGENT_REMOVED_BY_OPERATOR',
    ]);
  }),
  rule('§8 loss: back', 'tasks of an unreachable agent that returns go on, and are told', async (stage) => {
    for (const info of [{}, AWARE]) {
      const scheduler = await stage.subscribe(info);
      const task = await stage.launch(scheduler, 't');
      const agentId = task.agent_id.value;
      await stage.report(scheduler, task, {});
      await stage.agentIs(agentId, 'unreachable');
      await scheduler.next('FAILURE');
      const latestStatus = { task_id: task.task_id, agent_id: task.agent_id, state: 'TASK_RUNNING' as const };
      const report = { frameworkId: scheduler.frameworkId, task, role: 'web', latestStatus, traceId: '0'.repeat(32) };
      const frameworks = [{ frameworkId: scheduler.frameworkId, info: { user: 'u', name: 'f' } }];
      await stage.agent({ agentId }, { tasks: [report], frameworks });
      expect(await scheduler.status()).toMatchObject({
        state: 'TASK_RUNNING',
        reason: 'REASON_AGENT_REREGISTERED',
        message: 'Unreachable agent re-reregistered',
      });
      expect(await stage.all(KillTaskV1)).toEqual([]);
    }
  }),
  rule('§8 loss: drain', 'tasks of a draining agent end with the reason that it gives', async (stage) => {
    const scheduler = await stage.subscribe(AWARE);
    const task = await stage.launch(scheduler, 't');
    await stage.agentIs(task.agent_id.value, 'deactivated');
    expect(await latest(scheduler)).toEqual(['TASK_STAGING']);
    for (const state of ['TASK_KILLING', 'TASK_GONE_BY_OPERATOR'] as const) {
      await stage.report(scheduler, task, { state, source: 'SOURCE_EXECUTOR', reason: 'REASON_AGENT_DRAINING' });
      expect(await scheduler.status()).toMatchObject({ state, reason: 'REASON_AGENT_DRAINING' });
    }
  }),
  rule('§9 unknown task', 'KILL of a task that is not live is answered as its reconciliation', async (stage) => {
    const scheduler = await stage.subscribe();
    await kill(scheduler, 'nobody');
    expect(await scheduler.status()).toMatchObject(answered('TASK_LOST', 'Task is unknown'));
  }),
  rule('§9 other agent', 'KILL with another agent than that of the task is ignored', async (stage) => {
    const scheduler = await stage.subscribe();
    await stage.launch(scheduler, 't');
    await kill(scheduler, 't', { agent_id: { value: 'other' } });
    expect(await scheduler.settled()).toEqual([]);
    expect(await stage.all(KillTaskV1)).toEqual([]);
  }),
  rule('§9 delivered', 'KILL goes to the agent with its policy', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    await kill(scheduler, 't', { agent_id: task.agent_id, kill_policy: { grace_period: { nanoseconds: 0 } } });
    await kill(scheduler, 't');
    const sent = [await stage.told(KillTaskV1), await stage.told(KillTaskV1)];
    const { frameworkId } = scheduler;
    expect(sent).toEqual([
      { frameworkId, taskId: 't', killPolicy: { grace_period: { nanoseconds: 0 } } },
      { frameworkId, taskId: 't' },
    ]);
  }),
  rule('§9 disconnected agent', 'KILL is remembered and sent again when the agent registers again', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    await kill(scheduler, 't');
    await stage.told(KillTaskV1);
    const report = { frameworkId: scheduler.frameworkId, task, role: 'web', traceId: '0'.repeat(32) };
    await stage.agent({ agentId: task.agent_id.value }, { tasks: [report] });
    expect(await stage.told(KillTaskV1)).toMatchObject({ taskId: 't' });
  }),
  rule('§10 implicit', 'each live task is told as it was last, without a uuid', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    const container_status = { container_id: { value: 'c' } };
    await stage.report(scheduler, task, { healthy: false, container_status });
    await scheduler.next('UPDATE');
    await stage.launch(scheduler, 'u');
    await reconcile(scheduler);
    const told = [await scheduler.status(), await scheduler.status()];
    expect(told).toMatchObject([
      answered('TASK_RUNNING', 'Latest task state', { task_id: { value: 't' }, healthy: false, container_status }),
      answered('TASK_STAGING', 'Latest task state', { task_id: { value: 'u' } }),
    ]);
    expect(told.map((status) => 'uuid' in status)).toEqual([false, false]);
  }),
  rule('§10 explicit: known', 'a known task is told as it was last', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    await reconcile(scheduler, { task_id: task.task_id });
    expect(await scheduler.status()).toMatchObject(answered('TASK_STAGING', 'Latest task state'));
  }),
  rule('§10 explicit: agent recovered', 'nothing is said while the agent may know better', async (stage) => {
    const remembered = [agentRecord('C-S7', { state: 'deactivated' })];
    const restarted = await Stage.start(stage.encoding, { remembered });
    const scheduler = await restarted.subscribe();
    await reconcile(scheduler, { task_id: { value: 't' }, agent_id: { value: 'C-S7' } });
    await reconcile(scheduler, { task_id: { value: 't' } });
    expect(await scheduler.settled()).toEqual([]);
    await restarted.stop();
  }),
  rule('§10 explicit: agent registered', 'a task that its agent does not know is lost, or gone', async (stage) => {
    const agentId = await stage.agent();
    const said = 'Task is unknown to the agent';
    const agent_id = { value: agentId };
    expect(await answers(stage, agentId)).toMatchObject([
      answered('TASK_LOST', said, { agent_id }),
      answered('TASK_GONE', said, { agent_id }),
    ]);
  }),
  rule('§10 explicit: agent unreachable', 'its task is lost, or unreachable since then', async (stage) => {
    const agentId = await stage.agent();
    await stage.agentIs(agentId, 'unreachable');
    expect(await answers(stage, agentId)).toMatchObject([
      answered('TASK_LOST', 'Task is unreachable'),
      answered('TASK_UNREACHABLE', 'Task is unreachable', { unreachable_time: { nanoseconds: expect.anything() } }),
    ]);
  }),
  rule('§10 explicit: agent gone', 'its task is lost, or gone by operator', async (stage) => {
    const agentId = await stage.agent();
    await stage.agentIs(agentId, 'gone');
    expect(await answers(stage, agentId)).toMatchObject([
      answered('TASK_LOST', 'Task is gone'),
      answered('TASK_GONE_BY_OPERATOR', 'Task is gone'),
    ]);
  }),
  rule('§10 explicit: otherwise', 'a task that nobody knows is lost, or unknown', async (stage) => {
    const unknown = [answered('TASK_LOST', 'Task is unknown'), answered('TASK_UNKNOWN', 'Task is unknown')];
    const without = await answers(stage, undefined);
    expect(without).toMatchObject(unknown);
    expect(without.map((status) => 'agent_id' in (status as object))).toEqual([false, false]);
    expect(await answers(stage, 'nobody')).toMatchObject(unknown);
  }),
  rule('§10 operations', 'one that is not known is answered by the standing of its agent', async (stage) => {
    const scheduler = await stage.subscribe();
    const [silent, gone] = [await stage.agent(), await stage.agent()];
    await stage.agentIs(silent, 'unreachable');
    await stage.agentIs(gone, 'gone');
    const operations = [undefined, silent, gone].map((agentId) => ({
      operation_id: { value: 'o' },
      ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
    }));
    for (const asked of [operations, []]) {
      const call = { type: 'RECONCILE_OPERATIONS' as const, reconcile_operations: { operations: asked } };
      expect((await scheduler.call(call)).status).toBe(202);
    }
    const told = (await scheduler.settled()).flatMap((e) => e.update_operation_status ?? []);
    expect(told.map(({ status }) => status.state)).toEqual([
      'OPERATION_UNKNOWN',
      'OPERATION_UNREACHABLE',
      'OPERATION_GONE_BY_OPERATOR',
    ]);
  }),
];
