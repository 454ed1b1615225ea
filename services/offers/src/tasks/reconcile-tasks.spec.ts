import type { TaskReport } from '@tranche/contracts';
import type { TaskState, TaskStatus } from '@tranche/mesos-api';
import { describe, expect, it, vi } from 'vitest';
import { agentOf } from '../agents/agent.js';
import { askSome } from '../agents/ask-agents.js';
import { AgentTable } from '../agents/agent-table.js';
import { changeAgentState } from '../agents/change-agent-state.js';
import { registerAgent } from '../agents/register-agent.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { agentRecord, frameworkInfo, LIFE, offer, scene, subscribe, taskInfo } from '../testing/offers.fakes.js';
import { acknowledgeUpdate } from './acknowledge-update.js';
import { killTask } from './kill-task.js';
import { reconcileOperations } from '../operations/reconcile-operations.js';
import { reconcileTasks } from './reconcile-tasks.js';
import { taskOf } from './task.js';
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
  const statuses = () => stream.take().flatMap(({ update }) => update?.status ?? []);
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

  it('says nothing of an agent that is not known while the registry has not listed the agents', async () => {
    const { context, framework, statuses } = await withTask();
    const state = { ...context.state, agents: new AgentTable(LIFE) };
    const asked = [{ task_id: { value: 'x' }, agent_id: { value: 'S1' } }];
    reconcileTasks({ ...context, state }, framework, asked);
    expect(statuses()).toEqual([]);
    state.agents.complete();
    reconcileTasks({ ...context, state }, framework, asked);
    expect(statuses()).toHaveLength(1);
  });
});

describe('after the service has been taken over', () => {
  const onS3 = { agent_id: { value: 'S3' } };
  const agent = agentRecord({ agentId: 'S3' });
  /** Agent S3 was a member before this life of the service began; of what the life before it launched on S3 the books know nothing. */
  async function takenOver() {
    const made = await withTask(AWARE);
    made.context.state.agents.set(agentOf(agent));
    const { frameworkId } = made.framework;
    const task = taskInfo('x', onS3);
    const reported = { frameworkId, task, role: 'web', traceId: '' };
    const register = (asked: string[] | undefined, tasks: TaskReport[] = []): void =>
      registerAgent(made.context, {
        ...{ agent, reregistered: true, tasks, frameworks: [{ frameworkId, info: frameworkInfo() }], asked },
      });
    return { ...made, reported, register };
  }
  const ask = { task_id: { value: 'x' }, ...onS3 };

  it('gives no task up that its agent has yet to take from its queue', async () => {
    const { context, framework, statuses, register, reported } = await takenOver();
    reconcileTasks(context, framework, [ask, ask]);
    expect([statuses(), context.agents.askedToRegister]).toEqual([[], ['S3']]);
    // What it had told before it came to the question says nothing of what was in its queue by then.
    register(['registry/7', 'offers/0']);
    expect([statuses(), context.agents.askedToRegister]).toEqual([[], ['S3', 'S3']]);
    // Once in a life of the agent, which may have ended before it answered.
    register(['registry/7', 'offers/0']);
    expect(context.agents.askedToRegister).toEqual(['S3', 'S3']);
    register([LIFE], [reported]);
    expect(statuses()).toMatchObject([
      { state: 'TASK_STAGING', reason: 'REASON_AGENT_REREGISTERED' },
      { state: 'TASK_STAGING', reason: 'REASON_RECONCILIATION', message: 'Reconciliation: Latest task state' },
    ]);
  });

  it('says that there is no such task when its agent has told all that it has', async () => {
    const { context, framework, statuses, register } = await takenOver();
    reconcileTasks(context, framework, [ask]);
    register([LIFE]);
    expect(statuses()).toMatchObject([{ state: 'TASK_GONE', message: 'Reconciliation: Task is unknown to the agent' }]);
    reconcileTasks(context, framework, [ask]);
    expect([statuses().length, context.agents.askedToRegister]).toEqual([1, ['S3']]);
  });

  it('says nothing of a task that was not known when it was asked for, and has ended while the answer waited', async () => {
    const { context, framework, statuses, register, reported } = await takenOver();
    const { frameworkId } = framework;
    reconcileTasks(context, framework, [ask]);
    // Its agent restarts meanwhile, and tells of it before it comes to the question.
    register(['registry/7'], [reported]);
    const status = { task_id: { value: 'x' }, state: 'TASK_FINISHED' as const, uuid: 'end', timestamp: 2 };
    updateTask(context, { agentId: 'S3', frameworkId, taskId: 'x', traceId: '', status });
    acknowledgeUpdate(context, framework, { ...ask, uuid: 'end' });
    register([LIFE]);
    const ends = statuses().filter(({ reason }) => reason !== 'REASON_AGENT_REREGISTERED');
    expect(ends).toMatchObject([{ state: 'TASK_FINISHED', uuid: 'end' }]);
    // Asked for once more it is a task that there is not, as with Mesos.
    reconcileTasks(context, framework, [ask]);
    expect(statuses().at(-1)).toMatchObject({ state: 'TASK_GONE', reason: 'REASON_RECONCILIATION' });
  });

  it('believes an agent of an older version, which does not say what it answers', async () => {
    const { context, framework, statuses, register } = await takenOver();
    reconcileTasks(context, framework, [ask]);
    register(undefined);
    expect(statuses()).toMatchObject([{ state: 'TASK_GONE' }]);
  });

  it('waits for every agent when none is named', async () => {
    const { context, framework, statuses, register } = await takenOver();
    context.state.agents.set(agentOf(agentRecord({ agentId: 'S4' })));
    reconcileTasks(context, framework, [{ task_id: { value: 'x' } }]);
    register([LIFE]);
    expect([statuses(), context.agents.askedToRegister]).toEqual([[], ['S3', 'S4']]);
    changeAgentState(context, { agentId: 'S4', state: 'removed', reason: 'stopped', atMs: 1 });
    expect(statuses()).toMatchObject([{ state: 'TASK_UNKNOWN' }]);
  });

  it('answers by the standing of an agent that is lost before it has told', async () => {
    const { context, framework, statuses } = await takenOver();
    reconcileTasks(context, framework, [ask]);
    changeAgentState(context, { agentId: 'S3', state: 'unreachable', reason: 'silent', atMs: 1 });
    expect(statuses()).toMatchObject([{ state: 'TASK_UNREACHABLE' }]);
  });

  it('asks again when the question did not leave', async () => {
    const { context, framework } = await takenOver();
    const reregister = vi.spyOn(context.agents, 'reregister').mockResolvedValue(false);
    reconcileTasks(context, framework, [ask]);
    await Promise.resolve();
    reconcileTasks(context, framework, [ask]);
    expect(reregister).toHaveBeenCalledTimes(2);
  });

  it('has every agent tell, once, without being asked for anything', async () => {
    const { context, register } = await takenOver();
    askSome(context);
    askSome(context);
    expect(context.agents.askedToRegister).toEqual(['S3']);
    register([LIFE]);
    askSome(context);
    expect(context.agents.askedToRegister).toEqual(['S3']);
  });

  describe('of a task that the database knows', () => {
    async function remembered() {
      const made = await takenOver();
      const { frameworkId } = made.framework;
      const status = (state: TaskState, timestamp: number): TaskStatus => ({
        ...{ task_id: { value: 'x' }, state, uuid: state, timestamp },
      });
      const starting = { ...made.reported, latestStatus: status('TASK_STARTING', 1) };
      const task = taskOf(starting, { agentId: 'S3', user: 'u', nowMs: 0 });
      made.context.state.tasks.add(task);
      const { reported } = made;
      /** What its agent says of it: its newest status, and what its framework is being told if that is an older one. */
      const says = (latestStatus: TaskStatus, told = latestStatus): TaskReport => ({
        ...{ ...reported, frameworkId, latestStatus },
        inDelivery: { uuid: told.uuid ?? '', ...(told === latestStatus ? {} : { status: told }) },
      });
      return { ...made, task, status, says };
    }

    it.each([
      ['is named', [ask]],
      ['is not named', []],
    ])('says what its agent says that the framework was told, when it %s', async (_how, asked) => {
      const { context, framework, statuses, register, status, says, task } = await remembered();
      reconcileTasks(context, framework, asked);
      const told = statuses();
      expect(told.filter(({ task_id }) => task_id.value === 'x')).toEqual([]);
      expect(context.agents.askedToRegister).toEqual(['S3']);
      register([LIFE], [says(status('TASK_FINISHED', 3), status('TASK_RUNNING', 2))]);
      expect(statuses()).toMatchObject([{ state: 'TASK_RUNNING', reason: 'REASON_RECONCILIATION' }]);
      // It is for the agent to tell the end in its turn, and to note it.
      expect([task.forwardedUuid, task.record.state]).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
      expect(context.changes.updated.at(-1)?.forwardedUuid).toBe('TASK_RUNNING');
    });

    it('is ended at once', async () => {
      const { context, framework } = await remembered();
      killTask(context, framework, ask);
      expect(context.agents.kills).toEqual([{ frameworkId: framework.frameworkId, taskId: 'x' }]);
    });

    it('says what the database has when the agent is of an older version', async () => {
      const { context, framework, statuses, register, status, reported } = await remembered();
      reconcileTasks(context, framework, [ask]);
      register(undefined, [{ ...reported, latestStatus: status('TASK_RUNNING', 2) }]);
      expect(statuses()).toMatchObject([{ state: 'TASK_STARTING', reason: 'REASON_RECONCILIATION' }]);
    });

    it('does not go back to what the agent said before it told more', async () => {
      const { context, task, status, says } = await remembered();
      const { frameworkId } = task.record;
      const running = { agentId: 'S3', frameworkId, taskId: 'x', traceId: '', status: status('TASK_RUNNING', 2) };
      updateTask(context, running, { source: 'agent/1', sequence: 4 });
      registerAgent(context, {
        ...{ agent, reregistered: true, tasks: [says(status('TASK_STARTING', 1))], frameworks: [], asked: [LIFE] },
        sent: { source: 'agent/1', numbers: { 'report-task-status.v1': 3 } },
      });
      expect([task.forwardedUuid, task.record.state]).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
    });

    it('says nothing more of a task that has ended while the answer waited', async () => {
      const { context, framework, statuses, register, status, task } = await remembered();
      const { frameworkId } = task.record;
      reconcileTasks(context, framework, [ask]);
      const end = { agentId: 'S3', frameworkId, taskId: 'x', traceId: '', status: status('TASK_FINISHED', 2) };
      updateTask(context, end);
      acknowledgeUpdate(context, framework, { ...ask, uuid: 'TASK_FINISHED' });
      register([LIFE]);
      expect(statuses()).toMatchObject([{ state: 'TASK_FINISHED', uuid: 'TASK_FINISHED' }]);
    });

    it('says nothing while the registry has not listed the agents', async () => {
      const { context, framework, statuses } = await remembered();
      const state = { ...context.state, agents: new AgentTable(LIFE) };
      reconcileTasks({ ...context, state }, framework, [ask]);
      expect(statuses()).toEqual([]);
    });

    it('frees what a task held whose end is on its way to the framework', async () => {
      const { context, register, status, says, task } = await remembered();
      register([LIFE], [says(status('TASK_FAILED', 2))]);
      expect([task.forwardedUuid, task.record.state, task.stage]).toEqual(['TASK_FAILED', 'TASK_FAILED', 'live']);
      expect(context.allocator.recovered.at(-1)).toMatchObject({ agentId: 'S3' });
    });
  });

  it('launches what the life before had written down and not sent, without being asked for it', async () => {
    const { context, framework, register, reported } = await takenOver();
    const { frameworkId } = framework;
    const task = taskOf(reported, { agentId: 'S3', user: 'u', nowMs: 0 });
    context.state.tasks.add(task);
    reconcileTasks(context, framework, [ask]);
    expect(context.agents.launched.map(({ task: { name } }) => name)).toEqual(['t1']);
    askSome(context);
    register([LIFE]);
    expect(context.agents.launched.map(({ task: { name } }) => name)).toEqual(['t1', 'x']);
    expect(context.state.tasks.get(frameworkId, 'x')).toBe(task);
  });

  it('ends a task that the agent turns out to have', async () => {
    const { context, framework, register, reported } = await takenOver();
    killTask(context, framework, ask);
    expect(context.agents.kills).toEqual([]);
    register([LIFE], [reported]);
    expect(context.agents.kills).toEqual([{ frameworkId: framework.frameworkId, taskId: 'x' }]);
  });

  it('says nothing of an operation before its agent has told of it', async () => {
    const { context, framework, stream, register } = await takenOver();
    reconcileOperations(context, framework, [{ operation_id: { value: 'op' }, ...onS3 }]);
    expect(stream.take()).toEqual([]);
    register([LIFE]);
    expect(stream.take()).toMatchObject([{ update_operation_status: { status: { state: 'OPERATION_UNKNOWN' } } }]);
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
