import { describe, expect, it } from 'vitest';
import type { ContainerInfo, Resource } from '@tranche/mesos-api';
import { scalar, volume } from '../testing/operation.builder.js';
import { settled } from '../testing/settled.js';
import { frameworkInfo } from '../testing/task.builder.js';
import { launchOf, TaskWorld } from '../testing/task-world.js';

const IMAGED: ContainerInfo = {
  type: 'MESOS',
  mesos: { image: { type: 'DOCKER', docker: { name: 'busybox' } } },
};

describe('LaunchTask', () => {
  it('takes a task through starting and running to its end', async () => {
    const world = new TaskWorld();
    await world.launch();
    await settled();
    expect(world.task().state).toBe('TASK_RUNNING');
    world.containerizer.end(world.task().containerId, { waitStatus: 768 });
    await settled();
    expect(world.task().statuses).toMatchObject([
      { state: 'TASK_STARTING', source: 'SOURCE_EXECUTOR' },
      { state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' },
      { state: 'TASK_FAILED', source: 'SOURCE_EXECUTOR', message: 'Command exited with status 3' },
    ]);
    expect(world.containerizer.node.containers.size).toBe(0);
  });

  it('tells who and where the task is in each status', async () => {
    const world = new TaskWorld();
    await world.launch();
    await settled();
    expect(world.sent[0]).toEqual({
      task_id: { value: 't1' },
      state: 'TASK_STARTING',
      source: 'SOURCE_EXECUTOR',
      agent_id: { value: 'S0' },
      executor_id: { value: 't1' },
      timestamp: 1_000,
      uuid: expect.any(String),
      container_status: {
        container_id: { value: world.task().containerId },
        network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '10.0.0.7' }] }],
        executor_pid: 4711,
      },
    });
  });

  it('refuses a task as a user that its framework may not use', async () => {
    const world = new TaskWorld();
    world.mayRunAs = (principal, user) => principal === 'fw' && user === 'nobody';
    const framework = { ...frameworkInfo(), principal: 'fw', user: 'root' };
    await world.launch({ command: { value: 'true', user: 'nobody' } }, { framework });
    await world.launch({ task_id: { value: 't2' } }, { framework });
    await settled();
    expect(world.task().state).toBe('TASK_RUNNING');
    expect(world.task('t2').statuses).toMatchObject([
      {
        state: 'TASK_ERROR',
        source: 'SOURCE_AGENT',
        reason: 'REASON_TASK_UNAUTHORIZED',
        message: "Task 't2' is not authorized to launch as user 'root'",
      },
    ]);
  });

  it('drops a task on a volume or a reservation that the agent does not have', async () => {
    const world = new TaskWorld();
    await world.launch({ resources: [scalar('cpus', 1), volume('v', 4)] });
    expect(world.task()).toMatchObject({
      state: 'TASK_LOST',
      statuses: [
        {
          source: 'SOURCE_AGENT',
          reason: 'REASON_RESOURCES_UNKNOWN',
          message: expect.stringMatching(
            /^The checkpointed resources .* unknown to the agent: cpus.*:1; disk.*\[v:data\]:4$/,
          ),
        },
      ],
    });
  });

  it('lets the process run only when its container is on disk', async () => {
    const world = new TaskWorld();
    world.checkpoint.hold();
    const launched = world.launch();
    await settled();
    expect(world.containerizer.node.containers.size).toBe(1);
    expect(world.containerizer.node.begun).toEqual([]);
    world.checkpoint.release();
    await launched;
    await settled();
    expect(world.containerizer.node.begun).toHaveLength(1);
    const kinds = world.checkpoint.durable.map(({ kind }) => kind);
    expect(kinds).toEqual(['agent', 'framework', 'task', 'container', 'status', 'status']);
  });

  it('launches a task once, however often its message comes, even after its end', async () => {
    const world = new TaskWorld();
    await world.launch({}, { messageId: 'm' });
    await world.launch({}, { messageId: 'm' });
    await settled();
    world.containerizer.end(world.task().containerId, { waitStatus: 0 });
    await settled();
    for (let i = 0; i < 3; i++) world.acknowledge();
    expect(world.completed()?.state).toBe('TASK_FINISHED');
    await world.launch({}, { messageId: 'm' });
    await settled();
    expect(world.containerizer.node.begun).toHaveLength(1);
  });

  it('runs a task id again after its end when the framework says so', async () => {
    const world = new TaskWorld();
    await world.launch();
    await settled();
    world.containerizer.end(world.task().containerId, { waitStatus: 0 });
    await settled();
    for (let i = 0; i < 3; i++) world.acknowledge();
    await world.launch();
    await settled();
    expect(world.task().state).toBe('TASK_RUNNING');
    expect(world.containerizer.node.begun).toHaveLength(2);
  });

  it('makes the container from its image, which it holds until then', async () => {
    const world = new TaskWorld();
    const pull = Promise.withResolvers<void>();
    const released: number[] = [];
    world.providing = async () => {
      await pull.promise;
      const runtime = { env: [['A', 'image']] as const, entrypoint: ['/run'], cmd: ['x'] };
      const image = { key: 'k', name: 'busybox:latest', digest: 'd', layers: [], runtime, pulledAtMs: 0 };
      const release = (): void => void released.push(world.containerizer.node.containers.size);
      return { root: { image, layers: ['/layer'], release }, volumes: [], release };
    };
    await world.launch({ command: { shell: false }, container: IMAGED });
    await settled();
    expect([world.states, world.containerizer.node.containers.size]).toEqual([[], 0]);
    pull.resolve();
    await settled();
    const { config } = world.containerizer.made(world.task().containerId);
    expect(config).toMatchObject({
      args: ['/run', 'x'],
      image: { name: 'busybox:latest', layers: ['/layer'], workingDirectory: '/mnt/mesos/sandbox' },
    });
    expect(Object.fromEntries(config.env)).toMatchObject({ A: 'image', MESOS_SANDBOX: '/mnt/mesos/sandbox' });
    expect(released).toEqual([1]);
    expect(world.task().state).toBe('TASK_RUNNING');
  });

  it('fails a task whose image cannot be had, and one that is killed while it comes is gone at once', async () => {
    const world = new TaskWorld();
    world.providing = () => Promise.reject(new Error('there is no such image'));
    await world.launch({ container: IMAGED });
    await settled();
    expect(world.sent.at(-1)).toMatchObject({
      ...{ state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED' },
      message: 'Failed to launch container: there is no such image',
    });
    world.providing = ({ containerId }) =>
      new Promise((_, reject) => {
        const signal = world.live.signalOf(containerId);
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    await world.launch({ task_id: { value: 't2' }, container: IMAGED });
    await settled();
    await world.killer.kill(world.task('t2'), 'kill');
    await settled();
    expect(world.completed('t2') ?? world.task('t2')).toMatchObject({ state: 'TASK_KILLED' });
    expect(world.containerizer.node.begun).toEqual([]);
  });

  it('refuses what it cannot run before anything is created, naming all of it', async () => {
    const world = new TaskWorld();
    await world.launch({
      container: { type: 'MESOS', mesos: { image: { type: 'APPC' } }, hostname: 'h' },
    });
    await settled();
    expect(world.sent).toMatchObject([
      {
        state: 'TASK_ERROR',
        source: 'SOURCE_AGENT',
        reason: 'REASON_TASK_INVALID',
        message: 'This version of the agent does not support images of type APPC, container host names',
      },
    ]);
    expect(world.containerizer.node.containers.size).toBe(0);
  });

  it.each([
    [
      'a task id that is no file name',
      { task_id: { value: '../../etc' } },
      'TASK_ERROR',
      'contains invalid characters',
    ],
    ['a task for another agent', { agent_id: { value: 'S9' } }, 'TASK_DROPPED', 'Task is for agent S9'],
    ['a task without a command', { command: {} }, 'TASK_ERROR', 'no command'],
  ] as const)('refuses %s', async (_what, task, state, message) => {
    const world = new TaskWorld();
    await world.launch(task, { framework: frameworkInfo('PARTITION_AWARE') });
    await settled();
    expect(world.sent).toMatchObject([{ state, message: expect.stringContaining(message) }]);
  });

  it('never runs more than it has, whatever it is told', async () => {
    const world = new TaskWorld();
    const cpus = (value: number) => ({ name: 'cpus', type: 'SCALAR', scalar: { value } }) as const;
    await world.launch({ resources: [cpus(3.5)] });
    await world.launch({ task_id: { value: 't2' }, resources: [cpus(1)] });
    await settled();
    expect(world.task('t2')).toMatchObject({ state: 'TASK_LOST' });
    expect(world.task('t2').statuses[0]).toMatchObject({
      reason: 'REASON_INVALID_OFFERS',
      message: 'Not enough resources on the agent: cpus 0.5 left, 1 asked',
    });
    world.containerizer.end(world.task('t1').containerId, { waitStatus: 0 });
    await settled();
    await world.launch({ task_id: { value: 't3' }, resources: [cpus(4)] });
    await settled();
    expect(world.task('t3').state).toBe('TASK_RUNNING');
  });

  it('gives a port to one task at a time', async () => {
    const world = new TaskWorld();
    const port: Resource = { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31000 }] } };
    await world.launch({ resources: [port] });
    await world.launch({ task_id: { value: 't2' }, resources: [port] });
    await settled();
    expect(world.task('t2').statuses[0]?.message).toBe(
      'Not enough resources on the agent: ports [31000-31000] not free',
    );
  });

  it('answers for a task whose container cannot be made', async () => {
    const world = new TaskWorld();
    world.containerizer.failNext.create = 'no such user';
    await world.launch();
    await settled();
    expect(world.sent).toMatchObject([
      {
        state: 'TASK_FAILED',
        source: 'SOURCE_AGENT',
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: 'Failed to launch container: no such user',
      },
    ]);
  });

  it('answers for a task whose process cannot be started, and leaves nothing behind', async () => {
    const world = new TaskWorld();
    world.containerizer.failNext.start = 'executable not found';
    await world.launch();
    await settled();
    expect(world.task()).toMatchObject({ state: 'TASK_FAILED' });
    expect(world.containerizer.node.containers.size).toBe(0);
  });

  it('answers for a task that could not be started even when its container cannot be removed', async () => {
    const world = new TaskWorld();
    Object.assign(world.containerizer.failNext, { start: 'executable not found', remove: 'device or resource busy' });
    await world.launch();
    await settled();
    expect(world.states.at(-1)).toBe('TASK_STARTING');
    world.acknowledge();
    expect(world.sent.at(-1)).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Failed to launch container: executable not found',
    });
    expect(world.capacity.allocated.isEmpty).toBe(true);
  });

  it('reports a memory limit that ended the task, with limit and use, without a container', async () => {
    const world = new TaskWorld();
    await world.launch();
    await settled();
    world.containerizer.end(world.task().containerId, {
      waitStatus: 9,
      limitation: { resource: 'mem', message: 'Memory limit exceeded', limitBytes: 1, usedBytes: 64 << 20 },
    });
    await settled();
    const status = world.task().statuses.at(-1);
    expect(status).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LIMITATION_MEMORY' });
    expect(status).not.toHaveProperty('container_status');
  });

  it('takes no tasks while it stops', async () => {
    const world = new TaskWorld();
    world.takesTasks = false;
    await world.launch();
    await settled();
    expect(world.sent).toMatchObject([{ state: 'TASK_LOST', message: 'Agent is stopping' }]);
  });

  it('takes over many tasks of one message', async () => {
    const world = new TaskWorld();
    const small = [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.01 } }] as const;
    await world.launcher.launch(
      Array.from({ length: 50 }, (_, i) => launchOf({ task_id: { value: `t${i}` }, resources: [...small] })),
      'm',
    );
    await settled();
    await settled();
    expect(world.containerizer.node.begun).toHaveLength(50);
  });
});

describe('a launch that has something to fetch', () => {
  it('lets the process run only when everything is there', async () => {
    const world = new TaskWorld();
    const fetched = Promise.withResolvers<void>();
    world.fetching = () => fetched.promise;
    await world.launch();
    await settled();
    expect(world.task().state).toBe('TASK_STARTING');
    expect(world.containerizer.node.begun).toEqual([]);
    fetched.resolve();
    await settled();
    expect(world.task().state).toBe('TASK_RUNNING');
  });

  it('fails with what the fetcher says, and leaves no container', async () => {
    const world = new TaskWorld();
    world.fetching = () => Promise.reject(new Error("'http://h/x': HTTP 404"));
    await world.launch();
    await settled();
    expect(world.task().statuses.at(-1)).toMatchObject({
      state: 'TASK_FAILED',
      source: 'SOURCE_AGENT',
      reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      message: "Failed to launch container: 'http://h/x': HTTP 404",
    });
    expect(world.containerizer.node.containers.size).toBe(0);
  });

  it('is told at once when nobody wants the task any more', async () => {
    const world = new TaskWorld();
    world.fetching = ({ containerId }) =>
      new Promise((_, reject) =>
        world.live.signalOf(containerId)?.addEventListener('abort', () => reject(new Error())),
      );
    await world.launch();
    await settled();
    await world.killer.kill(world.task(), 'kill');
    await settled();
    expect(world.states).toEqual(['TASK_STARTING']);
    expect(world.task().state).toBe('TASK_KILLED');
    expect(world.containerizer.node.containers.size).toBe(0);
    expect(world.live.phaseOf(world.task().containerId)).toBeUndefined();
  });
});
