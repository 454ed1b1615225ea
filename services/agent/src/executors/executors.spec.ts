import type { ExecutorCallSubscribe } from '@tranche/mesos-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentState } from '../checkpoint/agent-state.js';
import { executorInfo, executorStatus, executorTask, FakeExecutorStream } from '../testing/executor.builder.js';
import { FakeNode } from '../testing/fake-containerizer.js';
import { settled } from '../testing/settled.js';
import { frameworkInfo } from '../testing/task.builder.js';
import { launchOf, TaskWorld } from '../testing/task-world.js';
import type { AgentExecutor } from './agent-executor.js';

const MEBIBYTE = 1024 * 1024;

describe('an executor that a framework described', () => {
  let world: TaskWorld;
  let node: FakeNode;

  beforeEach(() => {
    node = new FakeNode();
    world = new TaskWorld({ node });
  });

  const executor = (): AgentExecutor => {
    const found = world.ledger.state.executor('F', 'e1');
    if (found === undefined) throw new Error('no executor e1');
    return found;
  };
  const launch = async (...taskIds: string[]): Promise<void> => {
    for (const taskId of taskIds) await world.launch(executorTask(taskId));
    await settled();
  };
  const subscribe = async (call: ExecutorCallSubscribe = {}): Promise<FakeExecutorStream> => {
    const stream = new FakeExecutorStream();
    world.executors.subscriptions.subscribe(executor(), call, stream);
    await settled();
    return stream;
  };
  const update = async (...[taskId, state, uuid, more]: Parameters<typeof executorStatus>): Promise<void> => {
    world.executors.taker.take(executor(), executorStatus(taskId, state, uuid, more));
    await settled();
  };
  const kill = (taskId: string): Promise<void> => world.executors.kills.kill(world.task(taskId), 'kill');
  const lastOf = (taskId: string) => world.sent.findLast(({ task_id }) => task_id.value === taskId);

  describe('with its first task', () => {
    it('gets one container, with room for itself and its tasks', async () => {
      await launch('t1', 't2');
      expect(world.containerizer.node.begun).toHaveLength(1);
      const { config } = world.containerizer.made(executor().containerId);
      expect(config.args).toEqual(['sh', '-c', './run']);
      expect(config.limits).toEqual({ cpusMilli: 300, memBytes: 96 * MEBIBYTE });
      expect(Object.fromEntries(config.env)).toMatchObject({ MESOS_EXECUTOR_ID: 'e1', MESOS_FRAMEWORK_ID: 'F' });
      expect(Object.fromEntries(config.env)).not.toHaveProperty('MESOS_ALLOCATION_ROLE');
    });

    it('is told who it is, and gets what waited for it, in order', async () => {
      await launch('t1', 't2');
      const stream = await subscribe();
      expect(stream.types).toEqual(['SUBSCRIBED', 'LAUNCH', 'LAUNCH']);
      expect(stream.launched).toEqual(['t1', 't2']);
      expect(stream.events[0]?.subscribed).toMatchObject({
        executor_info: executorInfo(),
        framework_info: { id: { value: 'F' } },
        agent_info: { id: { value: 'S0' } },
        container_id: { value: executor().containerId },
      });
    });

    it('has its container widened before more tasks come', async () => {
      await launch('t1');
      const stream = await subscribe();
      await launch('t2');
      expect(stream.launched).toEqual(['t1', 't2']);
      const { updates } = world.containerizer.made(executor().containerId);
      expect(updates.at(-1)).toEqual({ cpusMilli: 500, memBytes: 160 * MEBIBYTE });
    });

    it('fails all its tasks when it cannot be launched', async () => {
      world.containerizer.failNext.create = 'no such file';
      await launch('t1');
      expect(lastOf('t1')).toMatchObject({
        state: 'TASK_FAILED',
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: 'Failed to launch container: no such file',
        executor_id: { value: 'e1' },
      });
      expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: -1 }]);
      expect(world.ledger.state.executor('F', 'e1')).toBeUndefined();
    });

    it('is destroyed when it does not subscribe in time, counted from its start', async () => {
      const creating = Promise.withResolvers<void>();
      world.containerizer.creating = creating.promise;
      await launch('t1');
      world.clock.advance(120_000);
      creating.resolve();
      await settled();
      world.clock.advance(59_999);
      expect(world.containerizer.signals(executor().containerId)).toEqual([]);
      world.clock.advance(1);
      await settled();
      expect(world.containerizer.signals(executor().containerId)).toEqual(['SIGKILL']);
      world.containerizer.end(executor().containerId, { waitStatus: 9 });
      await settled();
      expect(lastOf('t1')).toMatchObject({
        state: 'TASK_FAILED',
        source: 'SOURCE_AGENT',
        reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
        message: 'Executor did not register within 1mins',
      });
      expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: 9 }]);
    });

    it('counts against what the agent has, once', async () => {
      await launch('t1', 't2');
      expect(world.capacity.allocated.scalarMilli('cpus')).toBe(500);
      world.containerizer.end(executor().containerId, { waitStatus: 0 });
      await settled();
      expect(world.capacity.allocated.isEmpty).toBe(true);
    });
  });

  describe('with its updates', () => {
    beforeEach(() => launch('t1'));

    it('is acknowledged when the update is on disk, and the framework gets it completed', async () => {
      const stream = await subscribe();
      world.checkpoint.hold();
      await update('t1', 'TASK_RUNNING', 'u1');
      expect(stream.types).not.toContain('ACKNOWLEDGED');
      world.checkpoint.release();
      await settled();
      expect(stream.events.at(-1)).toEqual({
        type: 'ACKNOWLEDGED',
        acknowledged: { task_id: { value: 't1' }, uuid: 'u1' },
      });
      expect(lastOf('t1')).toMatchObject({
        ...{ state: 'TASK_RUNNING', uuid: 'u1', timestamp: 5, source: 'SOURCE_EXECUTOR' },
        ...{ agent_id: { value: 'S0' }, executor_id: { value: 'e1' } },
        container_status: {
          container_id: { value: executor().containerId },
          network_infos: [{ ip_addresses: [{ ip_address: '10.0.0.7' }] }],
        },
      });
    });

    it('has a repeated one acknowledged again and not passed on again', async () => {
      const stream = await subscribe();
      await update('t1', 'TASK_RUNNING', 'u1');
      await update('t1', 'TASK_RUNNING', 'u1');
      expect(stream.types.filter((type) => type === 'ACKNOWLEDGED')).toHaveLength(2);
      expect(world.task('t1').pending).toHaveLength(1);
    });

    it('has its container made smaller when a task ends', async () => {
      await subscribe();
      await update('t1', 'TASK_FINISHED', 'u1');
      const { updates } = world.containerizer.made(executor().containerId);
      expect(updates.at(-1)).toEqual({ cpusMilli: 100, memBytes: 32 * MEBIBYTE });
      expect(world.capacity.allocated.scalarMilli('cpus')).toBe(100);
    });

    it('cannot change a task that has ended, but is acknowledged', async () => {
      const stream = await subscribe();
      await update('t1', 'TASK_FINISHED', 'u1');
      await update('t1', 'TASK_FAILED', 'u2');
      await update('unknown', 'TASK_RUNNING', 'u3');
      expect(stream.events.slice(-2).map(({ acknowledged }) => acknowledged?.uuid)).toEqual(['u2', 'u3']);
      expect(world.task('t1').state).toBe('TASK_FINISHED');
    });

    it('is ignored when they name another agent', async () => {
      const stream = await subscribe();
      await update('t1', 'TASK_RUNNING', 'u1', { agent_id: { value: 'S9' } });
      expect(stream.types).not.toContain('ACKNOWLEDGED');
      expect(world.task('t1').state).toBe('TASK_STAGING');
    });

    it('has them counted: those that are acknowledged, and those that are ignored', async () => {
      await subscribe();
      await update('t1', 'TASK_RUNNING', 'u1');
      await update('t1', 'TASK_RUNNING', 'u1');
      await update('t1', 'TASK_FAILED', 'u2', { agent_id: { value: 'S9' } });
      expect(world.counts).toMatchObject({ validStatusUpdates: 2, invalidStatusUpdates: 1 });
    });
  });

  it('is passed messages on to, and has its own passed on, and both are counted', async () => {
    const { messages } = world.executors;
    await launch('t1');
    messages.toExecutor('F', 'e1', 'too early');
    messages.toExecutor('F', 'nobody', 'x');
    messages.toExecutor('G', 'e1', 'x');
    const stream = await subscribe();
    messages.toExecutor('F', 'e1', 'cGluZw==');
    messages.toFramework(executor(), 'cG9uZw==');
    expect(stream.events.at(-1)).toEqual({ type: 'MESSAGE', message: { data: 'cGluZw==' } });
    expect(world.messages).toEqual([{ executorId: 'e1', data: 'cG9uZw==' }]);
    expect(world.counts).toMatchObject({ validFrameworkMessages: 2, invalidFrameworkMessages: 3 });
    await world.frameworks.shutdown('F');
    messages.toFramework(executor(), 'cG9uZw==');
    expect(world.counts.invalidFrameworkMessages).toBe(4);
    expect(world.messages).toHaveLength(1);
  });

  it('may be played for a command task: then nobody reads what comes for it', async () => {
    await world.launch();
    await settled();
    world.executors.messages.toExecutor('F', 't1', 'cGluZw==');
    expect(world.counts).toMatchObject({ validFrameworkMessages: 1, invalidFrameworkMessages: 0 });
  });

  describe('when a task is to be killed', () => {
    it('is told', async () => {
      await launch('t1');
      const stream = await subscribe();
      await world.executors.kills.kill(world.task('t1'), 'kill', { grace_period: { nanoseconds: 1e9 } });
      await settled();
      expect(stream.events.at(-1)).toEqual({
        type: 'KILL',
        kill: { task_id: { value: 't1' }, kill_policy: { grace_period: { nanoseconds: 1e9 } } },
      });
    });

    it('never hears of one that had not been delivered', async () => {
      await launch('t1', 't2');
      await kill('t1');
      expect(lastOf('t1')).toMatchObject({
        state: 'TASK_KILLED',
        reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
        message: 'Killed before delivery to the executor',
      });
      expect((await subscribe()).launched).toEqual(['t2']);
    });

    it('is shut down when nothing is left for it and it never had a task', async () => {
      await launch('t1');
      await kill('t1');
      const stream = await subscribe();
      expect(stream.types).toEqual(['SHUTDOWN']);
      expect(stream.isOver).toBe(true);
    });

    it('is told again when it was not listening', async () => {
      await launch('t1');
      const before = await subscribe();
      await update('t1', 'TASK_RUNNING', 'u1');
      world.executors.links.disconnect(executor().containerId, before);
      await kill('t1');
      const stream = await subscribe();
      expect(stream.types).toEqual(['SUBSCRIBED', 'KILL']);
    });
  });

  describe('that is to shut down', () => {
    it('is told, and destroyed when it has not ended within its grace', async () => {
      await launch('t1');
      const stream = await subscribe();
      await world.executors.shutdowns.shutdown(executor(), 'asked');
      expect(stream.types.at(-1)).toBe('SHUTDOWN');
      world.clock.advance(4_999);
      expect(world.containerizer.signals(executor().containerId)).toEqual([]);
      world.clock.advance(1);
      expect(world.containerizer.signals(executor().containerId)).toEqual(['SIGKILL']);
    });

    it('has the grace that it was launched with', async () => {
      const shutdown_grace_period = { nanoseconds: 20e9 };
      await world.launch(executorTask('t1', { executor: executorInfo({ shutdown_grace_period }) }));
      await settled();
      await subscribe();
      await world.executors.shutdowns.shutdown(executor(), 'asked');
      world.clock.advance(19_999);
      expect(world.containerizer.signals(executor().containerId)).toEqual([]);
      world.clock.advance(1);
      expect(world.containerizer.signals(executor().containerId)).toEqual(['SIGKILL']);
    });

    it('takes no more tasks', async () => {
      await launch('t1');
      await subscribe();
      await world.executors.shutdowns.shutdown(executor(), 'asked');
      await launch('t2');
      expect(lastOf('t2')).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_EXECUTOR_TERMINATED' });
    });

    it('leaves with its framework, and nobody is told', async () => {
      await launch('t1');
      const stream = await subscribe();
      await world.frameworks.shutdown('F');
      expect(stream.types.at(-1)).toBe('SHUTDOWN');
      world.containerizer.end(executor().containerId, { waitStatus: 0 });
      await settled();
      expect(world.endedExecutors).toEqual([]);
      expect(world.ledger.state.executor('F', 'e1')).toBeUndefined();
    });
  });

  it('is shut down when its agent is being emptied and its last task has ended', async () => {
    await launch('t1');
    const stream = await subscribe();
    await update('t1', 'TASK_RUNNING', 'u1');
    await world.drain.begin({ markGone: false });
    await settled();
    expect(stream.types.at(-1)).toBe('KILL');
    await update('t1', 'TASK_KILLED', 'u2');
    expect(lastOf('t1')).toMatchObject({ state: 'TASK_RUNNING' });
    expect(world.task('t1').statuses.at(-1)).toMatchObject({
      state: 'TASK_KILLED',
      reason: 'REASON_AGENT_DRAINING',
    });
    world.clock.advance(200);
    await settled();
    expect(stream.types.at(-1)).toBe('SHUTDOWN');
  });

  describe('that ends', () => {
    it('has its tasks answered for, and its end told after them', async () => {
      await launch('t1', 't2');
      await subscribe();
      await update('t1', 'TASK_FINISHED', 'u1');
      world.containerizer.end(executor().containerId, { waitStatus: 3 * 256 });
      await settled();
      expect(world.task('t1').state).toBe('TASK_FINISHED');
      expect(lastOf('t2')).toMatchObject({
        state: 'TASK_FAILED',
        source: 'SOURCE_AGENT',
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: 'Executor terminated',
      });
      expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: 3 * 256 }]);
    });

    it('tells the limit that it ran into', async () => {
      await launch('t1');
      const message = 'Memory limit exceeded';
      const limitation = { resource: 'mem', message, limitBytes: MEBIBYTE, usedBytes: MEBIBYTE } as const;
      world.containerizer.end(executor().containerId, { waitStatus: 9, limitation });
      await settled();
      expect(lastOf('t1')).toMatchObject({ reason: 'REASON_CONTAINER_LIMITATION_MEMORY', message });
    });

    it('may be launched again under the same id', async () => {
      await launch('t1');
      const first = executor().containerId;
      world.containerizer.end(first, { waitStatus: 0 });
      await settled();
      await launch('t2');
      expect(executor().containerId).not.toBe(first);
      expect((await subscribe()).launched).toEqual(['t2']);
    });
  });

  it('has its exit status told before that goes with the container', async () => {
    await launch('t1');
    await subscribe();
    await update('t1', 'TASK_FINISHED', 'u1');
    world.containerizer.remove = () => new Promise(() => undefined);
    world.containerizer.end(executor().containerId, { waitStatus: 768 });
    await settled();
    expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: 768 }]);
  });

  describe('at a restart of the agent', () => {
    const checkpointing = { ...frameworkInfo(), checkpoint: true };
    const restart = async (): Promise<void> => {
      const state = new AgentState();
      for (const record of world.checkpoint.durable) state.apply(structuredClone(record));
      world = new TaskWorld({ node, state, ids: world.ids });
      await world.recovery.recover();
    };

    it('comes back with what was not acknowledged, and gets what waited', async () => {
      await world.launch(executorTask('t1'), { framework: checkpointing });
      await settled();
      await subscribe();
      await update('t1', 'TASK_RUNNING', 'u1');
      await restart();
      const back = world.executors.recovery.awaitReturn();
      const status = executorStatus('t1', 'TASK_FINISHED', 'u2');
      const stream = await subscribe({ unacknowledged_updates: [{ status }] });
      await back;
      expect(world.capacity.allocated.scalarMilli('cpus')).toBe(100);
      expect(stream.types).toEqual(['SUBSCRIBED', 'ACKNOWLEDGED']);
      expect(world.task('t1').state).toBe('TASK_FINISHED');
    });

    it('loses tasks that never reached it', async () => {
      await world.launch(executorTask('t1'), { framework: checkpointing });
      await settled();
      await subscribe();
      await restart();
      await subscribe();
      expect(lastOf('t1')).toMatchObject({
        state: 'TASK_LOST',
        reason: 'REASON_AGENT_RESTARTED',
        message: 'Task launched during agent restart',
      });
    });

    it('keeps tasks that it has received', async () => {
      await world.launch(executorTask('t1'), { framework: checkpointing });
      await settled();
      await subscribe();
      await restart();
      await subscribe({ unacknowledged_tasks: [executorTask('t1')] });
      expect(world.task('t1').state).toBe('TASK_STAGING');
      expect(world.capacity.allocated.scalarMilli('cpus')).toBe(300);
    });

    it('is destroyed when it does not come back in time', async () => {
      await world.launch(executorTask('t1'), { framework: checkpointing });
      await settled();
      await subscribe();
      await update('t1', 'TASK_RUNNING', 'u1');
      await restart();
      const back = world.executors.recovery.awaitReturn();
      world.clock.advance(2_000);
      await back;
      expect(world.containerizer.signals(executor().containerId)).toEqual(['SIGKILL']);
      world.containerizer.end(executor().containerId, { waitStatus: 9 });
      await settled();
      expect(world.task('t1').statuses.at(-1)).toMatchObject({
        state: 'TASK_LOST',
        reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
        message: 'Executor did not reregister within 2secs',
      });
    });

    it('is given up when it was never started, with the tasks that waited for it', async () => {
      world.containerizer.starting = new Promise(() => undefined);
      await world.launch(executorTask('t1'), { framework: checkpointing });
      await settled();
      await restart();
      expect(lastOf('t1')).toMatchObject({ state: 'TASK_LOST', message: 'Task launched during agent restart' });
      expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: -1 }]);
      expect(node.containers.size).toBe(0);
    });

    it('is destroyed when its framework does not checkpoint', async () => {
      await launch('t1');
      await subscribe();
      await restart();
      await world.executors.recovery.awaitReturn();
      expect(world.containerizer.signals(executor().containerId)).toEqual(['SIGKILL']);
      world.containerizer.end(executor().containerId, { waitStatus: 9 });
      await settled();
      expect(world.task('t1').statuses.at(-1)).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_AGENT_RESTARTED' });
    });

    it('is answered for when it ended meanwhile', async () => {
      await world.launch(executorTask('t1'), { framework: checkpointing });
      await settled();
      world.containerizer.end(executor().containerId, { waitStatus: 256 });
      world.checkpoint.hold();
      await restart();
      expect(world.task('t1').statuses.at(-1)).toMatchObject({ reason: 'REASON_EXECUTOR_TERMINATED' });
      expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: 256 }]);
    });
  });

  it('is counted when it has ended, and when it could not be brought up', async () => {
    world.containerizer.failNext.create = 'no such file';
    await launch('t1');
    expect(world.counts).toMatchObject({ launchErrors: 1, executorsEnded: 1 });
    await launch('t2');
    world.containerizer.end(executor().containerId, { waitStatus: 0 });
    await settled();
    expect(world.counts).toMatchObject({ launchErrors: 1, executorsEnded: 2 });
  });

  it('launches nothing twice that comes twice', async () => {
    const item = launchOf(executorTask('t1'));
    await world.launcher.launch([item], 'm1');
    await world.launcher.launch([item], 'm1');
    await settled();
    expect(world.ledger.state.tasksOf(executor())).toHaveLength(1);
  });
});
