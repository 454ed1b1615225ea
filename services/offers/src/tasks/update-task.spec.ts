import type { TaskState } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { agentOf } from '../agents/agent.js';
import { registerAgent } from '../agents/register-agent.js';
import { disconnectFramework } from '../frameworks/disconnect-framework.js';
import type { Framework } from '../frameworks/framework.js';
import { acceptOffers } from '../offers/accept-offers.js';
import {
  agentRecord,
  FakeStream,
  LIFE,
  offer,
  scalar,
  type Scene,
  scene,
  subscribe,
  taskInfo,
} from '../testing/offers.fakes.js';
import { acknowledgeUpdate } from './acknowledge-update.js';
import { reconcileTasks } from './reconcile-tasks.js';
import { noteDetail, noteStatus, updateTask } from './update-task.js';

async function running(): Promise<{ context: Scene; framework: Framework; stream: FakeStream }> {
  const context = scene();
  const { framework, stream } = subscribe(context);
  const accept = {
    offer_ids: [{ value: offer(context, framework, { cpus: 0.5, mem: 32 }) }],
    operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [taskInfo('t1')] } }],
  };
  await acceptOffers(context, framework, accept, 'trace');
  stream.take();
  return { context, framework, stream };
}

const report = (state: TaskState, uuid: string, more = {}) => ({
  agentId: 'S1',
  frameworkId: 'C-0000',
  taskId: 't1',
  traceId: '',
  status: { task_id: { value: 't1' }, state, uuid, timestamp: 5, ...more },
});

const acknowledge = (uuid: string) => ({ agent_id: { value: 'S1' }, task_id: { value: 't1' }, uuid });

describe('updateTask', () => {
  it('passes the update on and notes when the task first ran', async () => {
    const { context, stream } = await running();
    updateTask(context, report('TASK_RUNNING', 'a', { data: 'ZGF0YQ==' }));
    expect(stream.take()).toMatchObject([
      {
        type: 'UPDATE',
        update: { status: { state: 'TASK_RUNNING', uuid: 'a', data: 'ZGF0YQ==', agent_id: { value: 'S1' } } },
      },
    ]);
    const record = context.state.tasks.get('C-0000', 't1')?.record;
    expect(record).toMatchObject({ state: 'TASK_RUNNING', runningAtMs: 5_000 });
    expect(record?.statuses[0]).not.toHaveProperty('data');
  });

  it('keeps one status per run of equal states, the last of each', async () => {
    const { context } = await running();
    updateTask(context, report('TASK_RUNNING', 'a'));
    updateTask(context, report('TASK_RUNNING', 'b', { healthy: false }));
    const statuses = context.state.tasks.get('C-0000', 't1')?.record.statuses;
    expect(statuses?.map(({ healthy }) => healthy)).toEqual([false]);
  });

  it('tells the end of a task before another is told to hold what their executor has: nothing counts twice', async () => {
    const context = scene();
    const { framework } = subscribe(context);
    const executor = {
      ...{ type: 'CUSTOM' as const, executor_id: { value: 'e' }, framework_id: { value: 'C-0000' } },
      ...{ command: { value: './e' }, resources: [scalar('cpus', 0.5), scalar('mem', 32)] },
    };
    const task = (id: string) => {
      const { command: _command, ...info } = taskInfo(id);
      return { ...info, executor, resources: [scalar('cpus', 0.5), scalar('mem', 32)] };
    };
    const accept = {
      offer_ids: [{ value: offer(context, framework, { cpus: 1.5, mem: 96 }) }],
      operations: [{ type: 'LAUNCH' as const, launch: { task_infos: [task('t1'), task('t2')] } }],
    };
    await acceptOffers(context, framework, accept, 'trace');
    updateTask(context, report('TASK_FINISHED', 'z'));
    expect(context.changes.tasksTold).toEqual([
      't1 holds 4',
      't2 holds 2',
      't1 TASK_FINISHED',
      't2 holds 4 (after t1)',
    ]);
  });

  it('frees the resources at the end, before the acknowledgement, and the id after it', async () => {
    const { context, framework } = await running();
    updateTask(context, report('TASK_FINISHED', 'z'));
    expect(context.allocator.recovered).toEqual([
      { frameworkId: 'C-0000', agentId: 'S1', role: 'web', resources: [scalar('cpus', 0.5), scalar('mem', 32)] },
    ]);
    expect(context.state.tasks.get('C-0000', 't1')?.stage).toBe('live');
    acknowledgeUpdate(context, framework, acknowledge('z'));
    expect(context.agents.acknowledged).toEqual([{ frameworkId: 'C-0000', taskId: 't1', uuid: 'z' }]);
    expect(context.state.tasks.get('C-0000', 't1')).toBeUndefined();
    expect([...context.state.tasks.completedOf('C-0000')]).toHaveLength(1);
  });

  it('books the newest status while older ones wait, and completes the task only with the end acknowledged', async () => {
    const { context, framework, stream } = await running();
    updateTask(context, report('TASK_STARTING', 'a', { timestamp: 1 }));
    noteStatus(context, report('TASK_RUNNING', 'b', { timestamp: 2 }));
    noteStatus(context, report('TASK_FINISHED', 'c', { timestamp: 3 }));
    const states = () => context.state.tasks.get('C-0000', 't1')?.record.state;
    expect([states(), stream.types(), context.allocator.recovered.length]).toEqual(['TASK_FINISHED', ['UPDATE'], 1]);
    acknowledgeUpdate(context, framework, acknowledge('a'));
    updateTask(context, report('TASK_RUNNING', 'b', { timestamp: 2 }));
    acknowledgeUpdate(context, framework, acknowledge('b'));
    updateTask(context, report('TASK_FINISHED', 'c', { timestamp: 3 }));
    expect(states()).toBe('TASK_FINISHED');
    acknowledgeUpdate(context, framework, acknowledge('c'));
    expect(states()).toBeUndefined();
    expect([context.allocator.recovered.length, stream.types()]).toEqual([1, ['UPDATE', 'UPDATE']]);
  });

  it('remembers what it told although a newer status was noted before: reconciliation tells that, also after a restart', async () => {
    const { context, framework, stream } = await running();
    updateTask(context, report('TASK_STARTING', 'a', { timestamp: 1 }));
    noteStatus(context, report('TASK_FINISHED', 'c', { timestamp: 3 }));
    updateTask(context, report('TASK_RUNNING', 'b', { timestamp: 2 }));
    const task = context.state.tasks.get('C-0000', 't1');
    expect([task?.forwardedUuid, task?.record.statuses.map(({ uuid }) => uuid)]).toEqual(['b', ['a', 'b', 'c']]);
    expect(context.changes.updated.at(-1)?.forwardedUuid).toBe('b');
    stream.take();
    reconcileTasks(context, framework, [{ task_id: { value: 't1' } }]);
    expect(stream.take()[0]?.update?.status.state).toBe('TASK_RUNNING');
  });

  it('has the agent of an unknown task tell what it runs, once, and takes no acknowledgement before', async () => {
    const { context, framework, stream } = await running();
    const unknown = { ...report('TASK_RUNNING', 'a'), taskId: 't9' };
    updateTask(context, unknown);
    updateTask(context, unknown);
    expect([context.agents.askedToRegister, stream.types()]).toEqual([['S1'], ['UPDATE', 'UPDATE']]);
    acknowledgeUpdate(context, framework, { ...acknowledge('a'), task_id: { value: 't9' } });
    expect(context.agents.acknowledged).toEqual([]);
  });

  it('does not go back to an older status that comes later', async () => {
    const { context } = await running();
    noteStatus(context, report('TASK_RUNNING', 'b', { timestamp: 2 }));
    updateTask(context, report('TASK_STARTING', 'a', { timestamp: 1 }));
    expect(context.state.tasks.get('C-0000', 't1')?.record.state).toBe('TASK_RUNNING');
  });

  it('passes a repeated update on again without freeing twice', async () => {
    const { context, stream } = await running();
    updateTask(context, report('TASK_FINISHED', 'z'));
    updateTask(context, report('TASK_FINISHED', 'z'));
    expect(stream.types()).toEqual(['UPDATE', 'UPDATE']);
    expect(context.allocator.recovered).toHaveLength(1);
  });

  it.each(['TASK_RUNNING', 'TASK_FINISHED'] as const)(
    'does not tell %s again that was acknowledged, and acknowledges it again to the agent that repeats it',
    async (state) => {
      const { context, framework, stream } = await running();
      updateTask(context, report(state, 'a'));
      acknowledgeUpdate(context, framework, acknowledge('a'));
      stream.take();
      updateTask(context, report(state, 'a'));
      expect(stream.types()).toEqual([]);
      expect(context.agents.acknowledged).toMatchObject([{ uuid: 'a' }, { uuid: 'a' }]);
      // Before the database has the end, the agent must not forget it.
      expect(context.agents.ended).toEqual(state === 'TASK_FINISHED' ? ['S1 t1', 'S1 t1'] : []);
    },
  );

  it('lets nothing follow an end', async () => {
    const { context } = await running();
    updateTask(context, report('TASK_FINISHED', 'z'));
    updateTask(context, report('TASK_RUNNING', 'late'));
    expect(context.state.tasks.get('C-0000', 't1')?.record.state).toBe('TASK_FINISHED');
  });

  it('lets an agent keep the end of a task whose framework it may know better, until it has told', () => {
    const context = scene();
    const agent = agentRecord({ agentId: 'S3' });
    context.state.agents.set(agentOf(agent));
    const told = { ...report('TASK_FINISHED', 'z'), agentId: 'S3' };
    updateTask(context, told);
    expect([context.agents.acknowledged, context.agents.askedToRegister]).toEqual([[], ['S3']]);
    registerAgent(context, { agent, reregistered: true, tasks: [], frameworks: [], asked: [LIFE] });
    updateTask(context, told);
    expect(context.agents.acknowledged).toEqual([{ frameworkId: 'C-0000', taskId: 't1', uuid: 'z' }]);
  });

  it('acknowledges what is for a framework that nobody knows', async () => {
    const context = scene();
    updateTask(context, report('TASK_RUNNING', 'a'));
    expect(context.agents.acknowledged).toEqual([{ frameworkId: 'C-0000', taskId: 't1', uuid: 'a' }]);
  });

  it('notes an update for a framework that is away, and leaves it to the agent to repeat it', async () => {
    const { context, framework, stream } = await running();
    disconnectFramework(context, framework, stream, 'closed');
    updateTask(context, report('TASK_RUNNING', 'a'));
    expect(context.state.tasks.get('C-0000', 't1')?.record.state).toBe('TASK_RUNNING');
    expect(context.agents.acknowledged).toEqual([]);
  });
});

describe('acknowledgeUpdate', () => {
  it('passes earlier acknowledgements on without completing the task', async () => {
    const { context, framework } = await running();
    updateTask(context, report('TASK_RUNNING', 'a'));
    updateTask(context, report('TASK_FINISHED', 'z'));
    acknowledgeUpdate(context, framework, acknowledge('a'));
    expect(context.state.tasks.get('C-0000', 't1')?.record.state).toBe('TASK_FINISHED');
    expect(context.agents.acknowledged).toHaveLength(1);
  });

  it('waits for the database with each acknowledgement of an end that was told twice', async () => {
    const { context, framework } = await running();
    updateTask(context, report('TASK_FINISHED', 'z'));
    updateTask(context, report('TASK_FINISHED', 'z'));
    acknowledgeUpdate(context, framework, acknowledge('z'));
    acknowledgeUpdate(context, framework, acknowledge('z'));
    expect([context.agents.acknowledged.length, context.agents.ended]).toEqual([2, ['S1 t1', 'S1 t1']]);
  });

  it('drops what nobody passed on, and what is for an agent that cannot be reached', async () => {
    const { context, framework } = await running();
    acknowledgeUpdate(context, framework, acknowledge('a'));
    acknowledgeUpdate(context, framework, { ...acknowledge('a'), agent_id: { value: 'S9' } });
    expect(context.agents.acknowledged).toEqual([]);
  });
});

describe('failed health checks', () => {
  const check = (uuid: string, healthy: boolean) =>
    report('TASK_RUNNING', uuid, { healthy, reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' });
  const countOf = (context: Scene) => context.state.tasks.get('C-0000', 't1')?.record.failedChecks;

  it('are counted until one goes well, each once', async () => {
    const { context } = await running();
    updateTask(context, report('TASK_RUNNING', 'a'));
    updateTask(context, check('b', false));
    noteStatus(context, check('c', false));
    updateTask(context, check('c', false));
    expect(countOf(context)).toBe(2);
    updateTask(context, report('TASK_KILLING', 'd'));
    expect(countOf(context)).toBe(2);
    updateTask(context, check('e', true));
    expect(countOf(context)).toBeUndefined();
  });
});

describe('noteDetail', () => {
  const note = { agentId: 'S1', frameworkId: 'C-0000', taskId: 't1', containerId: 'c1' };
  const detailOf = (context: Scene) => context.state.tasks.get('C-0000', 't1')?.detail;

  it('keeps progress until the next status', async () => {
    const { context } = await running();
    noteDetail(context, { ...note, progress: { step: 'fetching', percent: 61 } });
    expect(detailOf(context)).toEqual({ progress: { step: 'fetching', percent: 61 } });
    updateTask(context, report('TASK_RUNNING', 'a'));
    expect(detailOf(context)?.progress).toBeUndefined();
  });

  it('keeps what is not told anew, and ignores tasks that are unknown or of another agent', async () => {
    const { context } = await running();
    noteDetail(context, { ...note, sandboxUntilMs: 9 });
    noteDetail(context, { ...note, progress: { step: 'pulling' } });
    expect(detailOf(context)).toEqual({ sandboxUntilMs: 9, progress: { step: 'pulling' } });
    noteDetail(context, { ...note, taskId: 'other', sandboxUntilMs: 1 });
    noteDetail(context, { ...note, agentId: 'S2', sandboxUntilMs: 1 });
    expect(detailOf(context)?.sandboxUntilMs).toBe(9);
  });
});
