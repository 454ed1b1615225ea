import type { TaskReport } from '@tranche/contracts';
import type { TaskState, TaskStatus } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import type { Framework } from '../frameworks/framework.js';
import { removeFramework } from '../frameworks/remove-framework.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { acknowledgeUpdate } from '../tasks/acknowledge-update.js';
import { killTask } from '../tasks/kill-task.js';
import { taskOf } from '../tasks/task.js';
import { updateTask } from '../tasks/update-task.js';
import {
  agentRecord,
  frameworkInfo,
  offer,
  scalar,
  type Scene,
  scene,
  subscribe,
  taskInfo,
} from '../testing/offers.fakes.js';
import { changeAgentState } from './change-agent-state.js';
import { registerAgent } from './register-agent.js';

const AWARE = { capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'PARTITION_AWARE' as const }] };

const launch = (context: Scene, framework: Framework, taskId: string): Promise<boolean> =>
  acceptOffers(
    context,
    framework,
    {
      offer_ids: [{ value: offer(context, framework, { cpus: 0.5, mem: 32 }) }],
      operations: [{ type: 'LAUNCH', launch: { task_infos: [taskInfo(taskId)] } }],
    },
    'trace',
  );

const runs = (context: Scene, taskId: string): void => {
  updateTask(context, {
    agentId: 'S1',
    frameworkId: 'C-0000',
    taskId,
    traceId: '',
    status: { task_id: { value: taskId }, state: 'TASK_RUNNING', uuid: `uuid of ${taskId}` },
  });
};

const reported = (taskId: string, frameworkId = 'C-0000'): TaskReport => ({
  frameworkId,
  task: taskInfo(taskId),
  role: 'web',
  latestStatus: { task_id: { value: taskId }, state: 'TASK_RUNNING', uuid: 'u' },
  traceId: 'trace',
});

const register = (context: Scene, tasks: TaskReport[], frameworks: string[] = [], more = {}): void =>
  registerAgent(context, {
    agent: agentRecord(more),
    reregistered: true,
    tasks,
    frameworks: frameworks.map((frameworkId) => ({ frameworkId, info: frameworkInfo() })),
  });

/** The agent had sent so many statuses when it told what runs on it. */
const sentBefore = (count: number) => ({ source: 'agent/1', numbers: { 'report-task-status.v1': count } });

describe('a registration that comes later than what the agent has told since', () => {
  const heard = (sequence: number, source = 'agent/1') => ({ source, sequence });

  it.each([
    ['has told of since', heard(4), 'TASK_RUNNING'],
    ['had told of before', heard(3), undefined],
    ['had told of in a former life', heard(4, 'agent/0'), undefined],
  ])('does not lose a task that the agent %s', async (_what, at, state) => {
    const context = scene();
    const { framework } = subscribe(context, AWARE);
    await launch(context, framework, 't1');
    const status = { task_id: { value: 't1' }, state: 'TASK_RUNNING' as const, uuid: 'a' };
    updateTask(context, { agentId: 'S1', frameworkId: 'C-0000', taskId: 't1', traceId: '', status }, at);
    registerAgent(context, {
      ...{ agent: agentRecord(), reregistered: true, tasks: [], frameworks: [], sent: sentBefore(3) },
    });
    expect(context.state.tasks.get('C-0000', 't1')?.record.state).toBe(state);
  });

  it('does not adopt a task that has ended since', async () => {
    const context = scene();
    const { framework } = subscribe(context, AWARE);
    await launch(context, framework, 't1');
    const status = { task_id: { value: 't1' }, state: 'TASK_FINISHED' as const, uuid: 'z' };
    updateTask(context, { agentId: 'S1', frameworkId: 'C-0000', taskId: 't1', traceId: '', status }, heard(4));
    acknowledgeUpdate(context, framework, { agent_id: { value: 'S1' }, task_id: { value: 't1' }, uuid: 'z' });
    const registration = { agent: agentRecord(), reregistered: true, tasks: [reported('t1')], frameworks: [] };
    registerAgent(context, { ...registration, sent: sentBefore(3) });
    expect(context.state.tasks.get('C-0000', 't1')).toBeUndefined();
    const ended = { ...registration, tasks: [{ ...reported('t1'), latestStatus: status }] };
    registerAgent(context, { ...ended, sent: sentBefore(4) });
    expect(context.state.tasks.get('C-0000', 't1')).toBeUndefined();
    registerAgent(context, { ...registration, sent: sentBefore(4) });
    expect(context.state.tasks.get('C-0000', 't1')?.record.state).toBe('TASK_RUNNING');
  });

  it('does not adopt a task whose end an earlier life of the service has heard', () => {
    const context = scene();
    subscribe(context, AWARE);
    const inContainer = (state: TaskState, id: string): TaskStatus => ({
      ...{ task_id: { value: 't1' }, state, uuid: state, container_status: { container_id: { value: id } } },
    });
    const { task, frameworkId } = reported('t1');
    const past = taskOf(
      { ...reported('t1'), latestStatus: inContainer('TASK_FINISHED', 'c1') },
      { agentId: 'S1', user: 'u', nowMs: 0 },
    );
    context.state.tasks.addCompleted({ ...past, stage: 'completed' });
    const reports = (id: string, state: TaskState = 'TASK_RUNNING'): TaskReport[] => [
      { ...reported('t1'), task, latestStatus: inContainer(state, id) },
    ];
    register(context, reports('c1'));
    expect(context.state.tasks.get(frameworkId, 't1')).toBeUndefined();
    // Its acknowledgement waits for the database, or is on its way to the agent.
    register(context, reports('c1', 'TASK_FINISHED'));
    expect(context.state.tasks.get(frameworkId, 't1')).toBeUndefined();
    // The id is used again.
    register(context, reports('c2'));
    expect(context.state.tasks.get(frameworkId, 't1')?.record.state).toBe('TASK_RUNNING');
  });
});

describe('registerAgent', () => {
  it('tells the allocator what is held on the agent, joined by framework and role', async () => {
    const context = scene();
    const { framework } = subscribe(context);
    await launch(context, framework, 't1');
    offer(context, framework, { cpus: 1, mem: 64 });
    register(context, [reported('t1')]);
    expect(context.allocator.usages).toEqual([
      {
        agentId: 'S1',
        held: [
          {
            frameworkId: 'C-0000',
            role: 'web',
            agentId: 'S1',
            resources: [scalar('cpus', 1), scalar('mem', 64), scalar('cpus', 0.5), scalar('mem', 32)],
          },
        ],
        seenEpoch: 'E',
        seenRun: 1,
      },
    ]);
  });

  it('adopts tasks and frameworks that only the agent knows', () => {
    const context = scene();
    register(context, [reported('t1', 'old')], ['old']);
    expect(context.state.frameworks.get('old')?.record.state).toBe('recovered');
    expect(context.state.tasks.get('old', 't1')).toMatchObject({
      stage: 'live',
      record: { state: 'TASK_RUNNING', user: 'u' },
    });
    expect(context.allocator.usages[0]?.held).toMatchObject([{ frameworkId: 'old' }]);
  });

  it('remembers of an adopted task which of its statuses the framework was told last', () => {
    const context = scene();
    const status = (state: TaskState): TaskStatus => ({ task_id: { value: 't1' }, state, uuid: state });
    const inDelivery = { uuid: 'TASK_STARTING', status: status('TASK_STARTING') };
    register(context, [{ ...reported('t1', 'old'), latestStatus: status('TASK_RUNNING'), inDelivery }], ['old']);
    const task = context.state.tasks.get('old', 't1');
    expect(task).toMatchObject({ forwardedUuid: 'TASK_STARTING', record: { state: 'TASK_RUNNING' } });
    expect(task?.record.statuses.map(({ state }) => state)).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('counts an executor of several adopted tasks once', () => {
    const context = scene();
    const executor = { executor_id: { value: 'e' }, resources: [scalar('cpus', 1)] };
    const report = (taskId: string): TaskReport => ({
      ...reported(taskId, 'old'),
      task: taskInfo(taskId, { resources: [scalar('mem', 8)], executor }),
    });
    register(context, [report('t1'), report('t2')], ['old']);
    expect(context.allocator.usages[0]?.held[0]?.resources).toEqual([
      scalar('mem', 8),
      scalar('cpus', 1),
      scalar('mem', 8),
    ]);
  });

  it('ends on the agent what belongs to a removed framework', () => {
    const context = scene();
    const { framework } = subscribe(context);
    removeFramework(context, framework, 'torn down');
    register(context, [reported('t1')], ['C-0000']);
    expect(context.agents.shutDown).toEqual([{ frameworkId: 'C-0000' }]);
    expect([...context.state.tasks.allPresent()]).toEqual([]);
  });

  it('answers for a running task that the agent does not have', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context, AWARE);
    await launch(context, framework, 't1');
    runs(context, 't1');
    stream.take();
    register(context, []);
    expect(stream.take()[0]?.update?.status).toMatchObject({
      state: 'TASK_GONE',
      reason: 'REASON_RECONCILIATION',
      message: 'Reconciliation: Task is unknown to the agent',
    });
    expect(context.allocator.usages[0]?.held).toEqual([]);
  });

  it('launches again what the agent has never been heard of', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    await launch(context, framework, 't1');
    stream.take();
    register(context, []);
    expect(context.agents.launched.map(({ task }) => task.task_id.value)).toEqual(['t1', 't1']);
    expect(stream.take()).toEqual([]);
  });

  it('repeats a kill that the agent may have missed', async () => {
    const context = scene();
    const { framework } = subscribe(context);
    await launch(context, framework, 't1');
    killTask(context, framework, { task_id: { value: 't1' } });
    register(context, [reported('t1')]);
    expect(context.agents.kills).toHaveLength(2);
  });

  it('rescinds offers when the total has changed', () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    offer(context, framework);
    stream.take();
    register(context, []);
    expect(stream.types()).toEqual([]);
    register(context, [], [], { resources: [scalar('cpus', 1)] });
    expect(stream.types()).toEqual(['RESCIND']);
  });

  it('brings tasks of a silent agent back to life and tells the framework', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context, AWARE);
    await launch(context, framework, 't1');
    runs(context, 't1');
    changeAgentState(context, { agentId: 'S1', state: 'unreachable', reason: 'silent', atMs: 1 });
    stream.take();
    register(context, [reported('t1')]);
    expect(stream.take()[0]?.update?.status).toMatchObject({
      state: 'TASK_RUNNING',
      reason: 'REASON_AGENT_REREGISTERED',
      message: 'Unreachable agent re-reregistered',
    });
    expect(context.state.tasks.get('C-0000', 't1')?.stage).toBe('live');
    expect(context.allocator.usages[0]?.held).toMatchObject([{ resources: [scalar('cpus', 0.5), scalar('mem', 32)] }]);
  });
});

describe('changeAgentState', () => {
  it.each([
    ['unreachable', {}, 'TASK_LOST', 'REASON_AGENT_REMOVED', 'silent', 'unreachable'],
    ['unreachable', AWARE, 'TASK_UNREACHABLE', 'REASON_AGENT_REMOVED', 'silent', 'unreachable'],
    ['removed', AWARE, 'TASK_LOST', 'REASON_AGENT_REMOVED', 'Agent a1 removed: silent', 'completed'],
    ['gone', {}, 'TASK_LOST', 'REASON_AGENT_REMOVED', 'Agent a1 removed: silent', 'completed'],
    [
      'gone',
      AWARE,
      'TASK_GONE_BY_OPERATOR',
      'REASON_AGENT_REMOVED_BY_OPERATOR',
      'Agent a1 removed: silent',
      'completed',
    ],
  ] as const)(
    '%s answers for tasks, then rescinds, then tells of the failure',
    async (state, capabilities, told, reason, message, stage) => {
      const context = scene();
      const { framework, stream } = subscribe(context, capabilities);
      const bystander = subscribe(context);
      await launch(context, framework, 't1');
      const task = context.state.tasks.get('C-0000', 't1');
      offer(context, framework);
      stream.take();
      changeAgentState(context, { agentId: 'S1', state, reason: 'silent', atMs: 7 });
      const events = stream.take();
      expect(events.map(({ type }) => type)).toEqual(['UPDATE', 'RESCIND', 'FAILURE']);
      expect(events[0]?.update?.status).toMatchObject({ state: told, reason, message, source: 'SOURCE_MASTER' });
      expect(events[0]?.update?.status).not.toHaveProperty('uuid');
      expect(events[0]?.update?.status.unreachable_time).toEqual(
        told === 'TASK_UNREACHABLE' ? { nanoseconds: 7_000_000 } : undefined,
      );
      expect(events[2]).toEqual({ type: 'FAILURE', failure: { agent_id: { value: 'S1' } } });
      expect(bystander.stream.types()).toEqual(['FAILURE']);
      expect(task?.stage).toBe(stage);
      expect(task?.held).toEqual([]);
    },
  );

  it('deactivation only takes the offers', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    await launch(context, framework, 't1');
    offer(context, framework);
    stream.take();
    changeAgentState(context, { agentId: 'S1', state: 'deactivated', reason: 'drain', atMs: 0 });
    expect(stream.types()).toEqual(['RESCIND']);
    expect(context.state.tasks.get('C-0000', 't1')?.stage).toBe('live');
  });

  it('leaves an ended task to its agent, which still has the update to repeat', async () => {
    const context = scene();
    const { framework, stream } = subscribe(context);
    await launch(context, framework, 't1');
    updateTask(context, {
      agentId: 'S1',
      frameworkId: 'C-0000',
      taskId: 't1',
      traceId: '',
      status: { task_id: { value: 't1' }, state: 'TASK_FINISHED', uuid: 'z', timestamp: 1 },
    });
    stream.take();
    changeAgentState(context, { agentId: 'S1', state: 'unreachable', reason: 'silent', atMs: 0 });
    expect(stream.types()).toEqual(['FAILURE']);
    expect(context.state.tasks.get('C-0000', 't1')?.record.state).toBe('TASK_FINISHED');
  });
});
