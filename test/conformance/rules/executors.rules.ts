import { expect } from 'vitest';
import {
  DeliverMessageV1,
  ForwardMessageV1,
  RecoverResourcesV1,
  ReportExecutorEndV1,
  ShutdownExecutorV1,
} from '@tranche/contracts';
import type { TaskInfo } from '@tranche/mesos-api';
import type { Scheduler } from '../scheduler.js';
import { type Rule, rule } from '../rule.js';
import { scalar, type Stage } from '../stage.js';

const executor = { executor_id: { value: 'e' }, command: { value: 'x' }, resources: [scalar('cpus', 0.5)] };

/** A task that runs on a custom executor, and has said so. */
async function running(stage: Stage, scheduler: Scheduler, taskId = 't'): Promise<TaskInfo> {
  const task = await stage.launch(scheduler, taskId, { executor, command: undefined });
  await stage.report(scheduler, task, { executor_id: executor.executor_id });
  await scheduler.next('UPDATE');
  await stage.told(RecoverResourcesV1);
  return task;
}

/** Calls and events about executors: sections 4 and 7. */
export const executorRules: readonly Rule[] = [
  rule('§4 SHUTDOWN', 'it is passed on to the agent; an unknown agent is ignored', async (stage) => {
    const scheduler = await stage.subscribe();
    const { agent_id } = await running(stage, scheduler);
    const { executor_id } = executor;
    for (const to of [{ value: 'nobody' }, agent_id]) {
      const { status } = await scheduler.call({ type: 'SHUTDOWN', shutdown: { executor_id, agent_id: to } });
      expect(status).toBe(202);
    }
    const { frameworkId } = scheduler;
    expect(await stage.all(ShutdownExecutorV1)).toEqual([{ agentId: agent_id.value, frameworkId, executorId: 'e' }]);
  }),
  rule('§4 MESSAGE', 'its bytes reach the agent; they are dropped when it is unknown or away', async (stage) => {
    const scheduler = await stage.subscribe();
    const { agent_id } = await running(stage, scheduler);
    const { executor_id } = executor;
    const send = async (to: string, data: string) =>
      (await scheduler.call({ type: 'MESSAGE', message: { executor_id, agent_id: { value: to }, data } })).status;
    expect(await send('nobody', 'aGVsbG8=')).toBe(202);
    expect(await send(agent_id.value, '/wD+gAE=')).toBe(202);
    await stage.agentIs(agent_id.value, 'unreachable');
    expect(await send(agent_id.value, 'aGVsbG8=')).toBe(202);
    const { frameworkId } = scheduler;
    const agentId = agent_id.value;
    expect(await stage.all(DeliverMessageV1)).toEqual([{ agentId, frameworkId, executorId: 'e', data: '/wD+gAE=' }]);
  }),
  rule('§7 MESSAGE', "an executor's bytes reach its scheduler as they are", async (stage) => {
    const scheduler = await stage.subscribe();
    const { frameworkId } = scheduler;
    await stage.tell(ForwardMessageV1, [{ agentId: 'A', frameworkId, executorId: 'e', data: '/wD+gAE=' }]);
    const ids = { agent_id: { value: 'A' }, executor_id: { value: 'e' } };
    expect((await scheduler.next('MESSAGE')).message).toEqual({ ...ids, data: '/wD+gAE=' });
  }),
  rule('§7 FAILURE of an executor', 'its scheduler alone hears how it ended', async (stage) => {
    const [scheduler, other] = [await stage.subscribe(), await stage.subscribe()];
    const { agent_id } = await running(stage, scheduler);
    const { frameworkId } = scheduler;
    for (const status of [256, 9, 0, -1]) {
      await stage.tell(ReportExecutorEndV1, [{ agentId: agent_id.value, frameworkId, executorId: 'e', status }]);
      const { failure } = await scheduler.next('FAILURE');
      expect(failure).toEqual({ agent_id, executor_id: { value: 'e' }, status });
    }
    expect(await other.settled()).toEqual([]);
  }),
  rule('§7 FAILURE: command tasks', 'the end of a command task is no FAILURE', async (stage) => {
    const scheduler = await stage.subscribe();
    const task = await stage.launch(scheduler, 't');
    await stage.report(scheduler, task, { state: 'TASK_FAILED', reason: 'REASON_EXECUTOR_TERMINATED' });
    expect((await scheduler.settled()).map(({ type }) => type)).toEqual(['UPDATE']);
  }),
  rule(
    '§7 executor_ids: idle executors',
    'an executor without tasks holds its resources until it ends',
    async (stage) => {
      const scheduler = await stage.subscribe();
      const task = await running(stage, scheduler);
      const agentId = task.agent_id.value;
      await stage.report(scheduler, task, { state: 'TASK_FINISHED' });
      const freed = await stage.told(RecoverResourcesV1);
      expect(freed.resources.map(({ name, scalar: amount }) => [name, amount?.value])).toEqual([
        ['cpus', 1],
        ['mem', 64],
      ]);
      expect((await stage.offer(scheduler, { agentId })).executor_ids).toEqual([executor.executor_id]);
      const { frameworkId } = scheduler;
      await stage.tell(ReportExecutorEndV1, [{ agentId, frameworkId, executorId: 'e', status: 0 }]);
      expect((await stage.told(RecoverResourcesV1)).resources).toEqual([scalar('cpus', 0.5)]);
      expect((await stage.offer(scheduler, { agentId })).executor_ids).toBeUndefined();
    },
  ),
];
