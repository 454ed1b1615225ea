import type { ExecutorInfo, TaskInfo } from '@tranche/mesos-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentState } from '../checkpoint/agent-state.js';
import type { AgentExecutor } from '../executors/agent-executor.js';
import { executorInfo, scalars } from '../testing/executor.builder.js';
import { FakeNode } from '../testing/fake-containerizer.js';
import { settled } from '../testing/settled.js';
import { frameworkInfo, taskInfo } from '../testing/task.builder.js';
import { TaskWorld } from '../testing/task-world.js';

const MEBIBYTE = 1024 * 1024;

describe('a task group', () => {
  let world: TaskWorld;
  let node: FakeNode;

  beforeEach(() => {
    node = new FakeNode();
    world = new TaskWorld({ node });
  });

  const { command: _none, ...pod }: ExecutorInfo = executorInfo({ type: 'DEFAULT' });
  const launch = async (taskIds: readonly string[], more: Partial<TaskInfo> = {}): Promise<void> => {
    const tasks = taskIds.map((id) =>
      taskInfo({ task_id: { value: id }, resources: scalars(0.2, 64), executor: pod, ...more }),
    );
    const framework = frameworkInfo();
    const asked = {
      frameworkId: 'F',
      framework,
      executor: pod,
      tasks,
      isGroup: true,
      role: 'dev',
      traceId: 'a'.repeat(32),
    };
    await world.executors.launcher.launch(asked, world.ids.uuid());
    await settled();
    await settled();
  };
  const executor = (): AgentExecutor => {
    const found = world.ledger.state.executor('F', 'e1');
    if (found === undefined) throw new Error('no executor e1');
    return found;
  };
  const end = async (taskId: string, waitStatus: number): Promise<void> => {
    world.containerizer.end(world.task(taskId).containerId, { waitStatus });
    await settled();
  };
  const signals = (taskId: string): readonly string[] => world.containerizer.signals(world.task(taskId).containerId);
  const statesOf = (taskId: string): (string | undefined)[] => world.task(taskId).statuses.map(({ state }) => state);

  it('runs each task in a container within that of the executor, which has room for all', async () => {
    await launch(['a', 'b']);
    const outer = world.containerizer.made(executor().containerId);
    expect(outer.config.limits).toEqual({ cpusMilli: 500, memBytes: 160 * MEBIBYTE });
    const inner = world.containerizer.made(world.task('a').containerId).config;
    expect(inner.nesting).toEqual({ parentId: executor().containerId, sharesLimits: true });
    expect(inner.sandbox).toBe(`/sandbox/${executor().containerId}/containers/${inner.id}`);
    expect(Object.fromEntries(inner.env)).toEqual({
      ...{ MESOS_ALLOCATION_ROLE: 'dev', MESOS_CONTAINER_IP: '10.0.0.7', MESOS_SANDBOX: inner.sandbox },
      PATH: expect.any(String),
    });
  });

  it('tells of each task that it starts and runs, by the container and the one around it', async () => {
    await launch(['a', 'b']);
    expect(['a', 'b'].map(statesOf)).toEqual([
      ['TASK_STARTING', 'TASK_RUNNING'],
      ['TASK_STARTING', 'TASK_RUNNING'],
    ]);
    const parent = { value: executor().containerId };
    const container_id = { value: world.task('a').containerId, parent };
    const [starting, running] = world.task('a').statuses;
    expect(starting?.container_status).toEqual({ container_id });
    expect(running?.container_status).toMatchObject({ container_id, executor_pid: 4711 });
    expect(running?.executor_id).toEqual({ value: 'e1' });
  });

  it('lets none of its processes begin before all containers are there', async () => {
    const creating = Promise.withResolvers<void>();
    await launch(['x']);
    world.containerizer.creating = creating.promise;
    await launch(['a', 'b']);
    expect(node.begun).toHaveLength(2);
    creating.resolve();
    await settled();
    expect(node.begun).toHaveLength(4);
  });

  it('ends as a whole when one of it fails, with the grace of each', async () => {
    await launch(['a', 'b', 'c']);
    await end('a', 256);
    expect(world.task('a').state).toBe('TASK_FAILED');
    expect([signals('b'), signals('c')]).toEqual([['SIGTERM'], ['SIGTERM']]);
    world.clock.advance(3_000);
    expect(signals('b')).toEqual(['SIGTERM', 'SIGKILL']);
    await end('b', 9);
    await end('c', 0);
    expect(['b', 'c'].map((id) => world.task(id).state)).toEqual(['TASK_KILLED', 'TASK_KILLED']);
  });

  it('goes on when one of it finishes', async () => {
    await launch(['a', 'b']);
    await end('a', 0);
    expect(world.task('a').state).toBe('TASK_FINISHED');
    expect(signals('b')).toEqual([]);
  });

  it('does not concern other groups of the same executor', async () => {
    await launch(['a']);
    await launch(['b']);
    await end('a', 256);
    expect(signals('b')).toEqual([]);
    const { updates } = world.containerizer.made(executor().containerId);
    expect(updates.at(-1)).toEqual({ cpusMilli: 300, memBytes: 96 * MEBIBYTE });
  });

  it('is killed with the first of it that is killed; a second kill changes nothing', async () => {
    await launch(['a', 'b']);
    await world.executors.kills.kill(world.task('a'), 'kill', { grace_period: { nanoseconds: 9e9 } });
    await world.executors.kills.kill(world.task('a'), 'kill', { grace_period: { nanoseconds: 1e9 } });
    world.clock.advance(8_999);
    expect(signals('a')).toEqual(['SIGTERM']);
    world.clock.advance(1);
    expect(signals('a')).toEqual(['SIGTERM', 'SIGKILL']);
    await end('a', 9);
    expect(signals('b')).toEqual(['SIGTERM']);
  });

  it('does not begin when one of its containers cannot be made', async () => {
    await launch(['x']);
    world.containerizer.failNext.create = 'no such user';
    await launch(['a', 'b']);
    expect(world.task('a')).toMatchObject({ state: 'TASK_FAILED' });
    expect(world.task('a').statuses.at(-1)?.message).toBe('Failed to launch container: no such user');
    expect(world.task('b').state).toBe('TASK_KILLED');
    expect(node.begun).toHaveLength(2);
    expect(node.containers.size).toBe(2);
  });

  it('ends the executor with its last task, without a fault', async () => {
    await launch(['a', 'b']);
    await end('a', 0);
    expect(world.endedExecutors).toEqual([]);
    await end('b', 0);
    await settled();
    expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: 0 }]);
    expect(node.containers.size).toBe(0);
    expect(world.capacity.allocated.isEmpty).toBe(true);
  });

  it('keeps its containers, and their exit statuses, until the end of its last task is on disk', async () => {
    await launch(['a', 'b']);
    await end('a', 0);
    world.checkpoint.hold();
    await end('b', 0);
    await settled();
    expect(world.task('b').state).toBe('TASK_FINISHED');
    expect([...node.containers.keys()]).toEqual(
      expect.arrayContaining([executor().containerId, world.task('b').containerId]),
    );
    world.checkpoint.release();
    await settled();
    await settled();
    expect(node.containers.size).toBe(0);
    expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: 0 }]);
  });

  it('fails when the executor’s container ends', async () => {
    await launch(['a', 'b']);
    world.containerizer.end(executor().containerId, { waitStatus: 9 });
    await settled();
    expect(['a', 'b'].map(statesOf)).toEqual([
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED'],
      ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED'],
    ]);
    expect(world.task('a').statuses.at(-1)).toMatchObject({ reason: 'REASON_EXECUTOR_TERMINATED' });
  });

  it('has limits of its own for a task that does not share them', async () => {
    await launch(['a'], { container: { type: 'MESOS', linux_info: { share_cgroups: false } } });
    expect(world.containerizer.made(world.task('a').containerId).config).toMatchObject({
      nesting: { sharesLimits: false },
      limits: { cpusMilli: 200, memBytes: 64 * MEBIBYTE },
    });
  });

  it('ends a task that takes longer than it may, and the rest with it', async () => {
    await launch(['a', 'b'], { max_completion_time: { nanoseconds: 10e9 } });
    world.clock.advance(10_000);
    await settled();
    await end('a', 9);
    expect(world.task('a').statuses.at(-1)).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    });
  });

  it('ends within the grace of its executor when that is shut down', async () => {
    await launch(['a'], { kill_policy: { grace_period: { nanoseconds: 60e9 } } });
    await world.executors.kills.kill(world.task('a'), 'kill');
    await world.executors.shutdowns.shutdown(executor(), 'asked');
    expect(signals('a')).toEqual(['SIGTERM']);
    world.clock.advance(5_000);
    expect(signals('a')).toEqual(['SIGTERM', 'SIGKILL']);
    await end('a', 9);
    await settled();
    expect(world.task('a').state).toBe('TASK_KILLED');
    expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: 0 }]);
  });

  it('gets one answer for all when it cannot run', async () => {
    await launch(['a', 'b'], { resources: scalars(100, 64) });
    expect(['a', 'b'].map((id) => world.task(id).state)).toEqual(['TASK_LOST', 'TASK_LOST']);
    expect(world.ledger.state.executor('F', 'e1')).toBeUndefined();
  });

  describe('at a restart of the agent', () => {
    const restart = async (): Promise<void> => {
      const state = new AgentState();
      for (const record of world.checkpoint.durable) state.apply(structuredClone(record));
      world = new TaskWorld({ node, state, ids: world.ids });
      await world.recovery.recover();
      await world.executors.recovery.awaitReturn();
      await settled();
    };

    it('goes on, whatever its framework says, and takes another group', async () => {
      await launch(['a', 'b']);
      await restart();
      expect(['a', 'b'].map((id) => world.task(id).state)).toEqual(['TASK_RUNNING', 'TASK_RUNNING']);
      await launch(['c']);
      expect(world.task('c').state).toBe('TASK_RUNNING');
      await end('a', 256);
      expect(signals('b')).toContain('SIGTERM');
      expect(signals('c')).toEqual([]);
    });

    it('has what ended meanwhile told with its exit status, and the rest killed for it', async () => {
      await launch(['a', 'b']);
      world.checkpoint.hold();
      world.containerizer.end(world.task('a').containerId, { waitStatus: 42 * 256 });
      await restart();
      expect(world.task('a').statuses.at(-1)).toMatchObject({
        state: 'TASK_FAILED',
        message: 'Command exited with status 42',
      });
      expect(signals('b')).toContain('SIGTERM');
    });

    it('is over when all of it ended meanwhile, and so is its executor', async () => {
      await launch(['a']);
      world.checkpoint.hold();
      world.containerizer.end(world.task('a').containerId, { waitStatus: 0 });
      await restart();
      expect(world.task('a').state).toBe('TASK_FINISHED');
      expect(world.endedExecutors).toEqual([{ executorId: 'e1', status: 0 }]);
    });
  });
});
