import { describe, expect, it } from 'vitest';
import { agentOf } from '../agents/agent.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { agentRecord, offer, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { killTask } from './kill-task.js';
import { reconcileOperations } from '../operations/reconcile-operations.js';
import { reconcileTasks } from './reconcile-tasks.js';
import { noteStatus, updateTask } from './update-task.js';

const AWARE = { capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'PARTITION_AWARE' as const }] };

async function withTask(capabilities = {}) {
  const context = scene();
  const { framework, stream } = subscribe(context, capabilities);
  const accept = {
    offer_ids: [{ value: offer(context, framework) }],
    operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t1')] } }],
  };
  await acceptOffers(context, framework, accept, 'trace');
  stream.take();
  const statuses = () => stream.take().map(({ update }) => update?.status);
  return { context, framework, stream, statuses };
}

describe('reconcileTasks', () => {
  it('answers a known task with its latest state, without uuid', async () => {
    const { context, framework, stream, statuses } = await withTask();
    const container_status = { container_id: { value: 'c' } };
    updateTask(context, {
      agentId: 'S1',
      frameworkId: 'C-0000',
      taskId: 't1',
      traceId: '',
      status: { task_id: { value: 't1' }, state: 'TASK_RUNNING', uuid: 'u', healthy: true, container_status },
    });
    stream.take();
    reconcileTasks(context, framework, [{ task_id: { value: 't1' } }]);
    const [answer] = statuses();
    expect(answer).toEqual({
      task_id: { value: 't1' },
      state: 'TASK_RUNNING',
      message: 'Reconciliation: Latest task state',
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
      agent_id: { value: 'S1' },
      timestamp: 1_000,
      healthy: true,
      container_status,
    });
  });

  it('tells the last state that was passed on, not one that still waits for its turn', async () => {
    const { context, framework, stream, statuses } = await withTask();
    const from = { agentId: 'S1', frameworkId: 'C-0000', taskId: 't1', traceId: '' };
    const status = (state: 'TASK_STARTING' | 'TASK_RUNNING', timestamp: number) => ({
      ...from,
      status: { task_id: { value: 't1' }, state, uuid: state, timestamp },
    });
    updateTask(context, status('TASK_STARTING', 1));
    noteStatus(context, status('TASK_RUNNING', 2));
    stream.take();
    reconcileTasks(context, framework, []);
    expect(statuses()).toMatchObject([{ state: 'TASK_STARTING' }]);
  });

  it('answers every live task when none is named', async () => {
    const { context, framework, statuses } = await withTask();
    reconcileTasks(context, framework, []);
    expect(statuses()).toMatchObject([{ task_id: { value: 't1' }, state: 'TASK_STAGING' }]);
  });

  it.each([
    ['S1', 'active', 'TASK_LOST', 'TASK_GONE', 'Task is unknown to the agent'],
    ['S3', 'unreachable', 'TASK_LOST', 'TASK_UNREACHABLE', 'Task is unreachable'],
    ['S3', 'gone', 'TASK_LOST', 'TASK_GONE_BY_OPERATOR', 'Task is gone'],
    ['S9', 'active', 'TASK_LOST', 'TASK_UNKNOWN', 'Task is unknown'],
  ] as const)('answers an unknown task on %s, %s, with %s or %s', async (agentId, state, plain, precise, message) => {
    for (const [capabilities, told] of [
      [{}, plain],
      [AWARE, precise],
    ] as const) {
      const { context, framework, statuses } = await withTask(capabilities);
      context.state.agents.set(agentOf(agentRecord({ agentId: 'S3', state, stateSinceMs: 3_000 })));
      reconcileTasks(context, framework, [{ task_id: { value: 'x' }, agent_id: { value: agentId } }]);
      const [answer] = statuses();
      expect(answer).toMatchObject({
        state: told,
        message: `Reconciliation: ${message}`,
        agent_id: { value: agentId },
      });
      const time = told === 'TASK_UNREACHABLE' ? { nanoseconds: 3_000_000_000 } : undefined;
      expect(answer?.unreachable_time).toEqual(time);
    }
  });

  it('says nothing while an agent that may know better has not registered again', async () => {
    const { context, framework, statuses } = await withTask();
    context.state.agents.set(agentOf(agentRecord({ agentId: 'S3', state: 'deactivated' }), true));
    reconcileTasks(context, framework, [
      { task_id: { value: 'x' } },
      { task_id: { value: 'x' }, agent_id: { value: 'S3' } },
    ]);
    expect(statuses()).toEqual([]);
    reconcileTasks(context, framework, [{ task_id: { value: 'x' }, agent_id: { value: 'S1' } }]);
    expect(statuses()).toHaveLength(1);
  });
});

describe('reconcileOperations', () => {
  it('answers by the standing of the agent: no operation is known here', async () => {
    const { context, framework, stream } = await withTask();
    context.state.agents.set(agentOf(agentRecord({ agentId: 'S3', state: 'unreachable' })));
    const operation_id = { value: 'op' };
    reconcileOperations(context, framework, [{ operation_id }, { operation_id, agent_id: { value: 'S3' } }]);
    expect(stream.take().map((event) => event.update_operation_status?.status)).toEqual([
      { operation_id, state: 'OPERATION_UNKNOWN' },
      { operation_id, state: 'OPERATION_UNREACHABLE', agent_id: { value: 'S3' } },
    ]);
  });
});

describe('killTask', () => {
  it('passes the kill on with its policy', async () => {
    const { context, framework } = await withTask();
    const kill_policy = { grace_period: { nanoseconds: 5_000_000_000 } };
    killTask(context, framework, { task_id: { value: 't1' }, kill_policy });
    expect(context.agents.kills).toEqual([{ frameworkId: 'C-0000', taskId: 't1', killPolicy: kill_policy }]);
  });

  it('answers for a task that is not known as a reconciliation does', async () => {
    const { context, framework, statuses } = await withTask();
    killTask(context, framework, { task_id: { value: 'nosuch' } });
    expect(statuses()).toMatchObject([{ state: 'TASK_LOST', message: 'Reconciliation: Task is unknown' }]);
  });

  it('leaves alone a task that runs on another agent than the one named', async () => {
    const { context, framework, stream } = await withTask();
    killTask(context, framework, { task_id: { value: 't1' }, agent_id: { value: 'S2' } });
    expect([context.agents.kills, stream.take()]).toEqual([[], []]);
  });
});
