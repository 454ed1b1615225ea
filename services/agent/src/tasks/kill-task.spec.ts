import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { frameworkInfo } from '../testing/task.builder.js';
import { TaskWorld } from '../testing/task-world.js';

const seconds = (count: number) => ({ grace_period: { nanoseconds: count * 1e9 } });

describe('KillTask', () => {
  let world: TaskWorld;
  const signals = () => world.containerizer.signals(world.task().containerId);
  const running = async (more: Parameters<TaskWorld['launch']>[0] = {}, framework = frameworkInfo()) => {
    await world.launch(more, { framework });
    await settled();
  };

  beforeEach(() => {
    world = new TaskWorld();
  });

  it('sends SIGTERM, and SIGKILL when three seconds have passed', async () => {
    await running();
    await world.killer.kill(world.task(), 'kill');
    world.clock.advance(2_999);
    expect(signals()).toEqual(['SIGTERM']);
    world.clock.advance(1);
    expect(signals()).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('takes the grace of the kill before that of the task', async () => {
    await running({ kill_policy: seconds(10) });
    await world.killer.kill(world.task(), 'kill');
    world.clock.advance(9_999);
    expect(signals()).toEqual(['SIGTERM']);
    await world.killer.kill(world.task(), 'kill', seconds(0));
    world.clock.advance(0);
    expect(signals()).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('never lengthens the grace by a later kill', async () => {
    await running();
    await world.killer.kill(world.task(), 'kill');
    await world.killer.kill(world.task(), 'kill', seconds(60));
    world.clock.advance(3_000);
    expect(signals()).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('ends as TASK_KILLED whatever the exit status, and stops signalling', async () => {
    await running();
    await world.killer.kill(world.task(), 'kill');
    world.containerizer.end(world.task().containerId, { waitStatus: 0 });
    await settled();
    expect(world.task().statuses.at(-1)).toMatchObject({
      state: 'TASK_KILLED',
      source: 'SOURCE_EXECUTOR',
      message: 'Command exited with status 0',
    });
    await world.killer.kill(world.task(), 'kill');
    world.clock.advance(60_000);
    expect(world.task().state).toBe('TASK_KILLED');
  });

  it('announces TASK_KILLING to frameworks that know it', async () => {
    await running({}, frameworkInfo('TASK_KILLING_STATE'));
    await world.killer.kill(world.task(), 'kill');
    expect(world.task().state).toBe('TASK_KILLING');
  });

  it('sends SIGKILL again when the container does not end', async () => {
    await running();
    await world.killer.kill(world.task(), 'kill');
    world.clock.advance(8_000);
    expect(signals()).toEqual(['SIGTERM', 'SIGKILL', 'SIGKILL']);
  });

  it('ends a task at once of which nothing has run yet', async () => {
    const held = Promise.withResolvers<void>();
    world.containerizer.creating = held.promise;
    await world.launch();
    await world.killer.kill(world.task(), 'kill');
    await settled();
    expect(world.sent).toMatchObject([
      { state: 'TASK_KILLED', source: 'SOURCE_AGENT', reason: 'REASON_TASK_KILLED_DURING_LAUNCH' },
    ]);
    held.resolve();
    await settled();
    expect(world.containerizer.node.begun).toEqual([]);
    expect(world.containerizer.node.containers.size).toBe(0);
  });

  it('ends a task whose container is being written down', async () => {
    world.checkpoint.hold();
    const launched = world.launch();
    await settled();
    const killed = world.killer.kill(world.task(), 'kill');
    world.checkpoint.release();
    await Promise.all([launched, killed]);
    await settled();
    expect(world.task().state).toBe('TASK_KILLED');
    expect(world.containerizer.node.begun).toEqual([]);
    expect(world.containerizer.node.containers.size).toBe(0);
  });

  it('kills a task that is just being started as soon as it runs', async () => {
    const held = Promise.withResolvers<void>();
    world.containerizer.starting = held.promise;
    await running({}, frameworkInfo('TASK_KILLING_STATE'));
    await world.killer.kill(world.task(), 'kill');
    expect(world.task().state).toBe('TASK_KILLING');
    expect(signals()).toEqual([]);
    held.resolve();
    await settled();
    expect(signals()).toEqual(['SIGTERM']);
    world.containerizer.end(world.task().containerId, { waitStatus: 15 });
    await settled();
    expect(world.task().statuses.map(({ state }) => state)).toEqual(['TASK_STARTING', 'TASK_KILLING', 'TASK_KILLED']);
  });

  it('gives a task its grace from the first SIGTERM that reaches it, when that comes late', async () => {
    const held = Promise.withResolvers<void>();
    world.containerizer.starting = held.promise;
    await running();
    await world.killer.kill(world.task(), 'kill');
    world.clock.advance(10_000);
    held.resolve();
    await settled();
    world.clock.advance(2_999);
    expect(signals()).toEqual(['SIGTERM']);
    world.clock.advance(1);
    expect(signals()).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('takes up a kill of an agent before without a longer grace than was wanted', async () => {
    await running();
    await world.killer.kill(world.task(), 'kill', seconds(1));
    world.clock.advance(500);
    world.killer.resume(world.task());
    world.clock.advance(999);
    expect(signals()).toEqual(['SIGTERM', 'SIGTERM']);
    world.clock.advance(1);
    expect(signals()).toEqual(['SIGTERM', 'SIGTERM', 'SIGKILL']);
  });

  it('ends a task when its time is up', async () => {
    await running({ max_completion_time: { nanoseconds: 5e9 } }, frameworkInfo('TASK_KILLING_STATE'));
    world.clock.advance(5_000);
    await settled();
    expect(signals()).toEqual(['SIGTERM']);
    world.clock.advance(0);
    expect(signals()).toEqual(['SIGTERM', 'SIGKILL']);
    world.containerizer.end(world.task().containerId, { waitStatus: 9 });
    await settled();
    expect(world.task().statuses.map(({ state }) => state)).not.toContain('TASK_KILLING');
    expect(world.task().statuses.at(-1)).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    });
  });

  it('ends the tasks of a removed framework without telling anybody', async () => {
    await running({}, frameworkInfo('TASK_KILLING_STATE'));
    const sent = world.sent.length;
    await world.frameworks.shutdown('F');
    const { containerId } = world.task();
    expect(world.containerizer.signals(containerId)).toEqual(['SIGTERM']);
    world.containerizer.end(containerId, { waitStatus: 15 });
    await settled();
    world.clock.advance(60_000);
    expect(world.sent).toHaveLength(sent);
    expect(world.completed()?.state).toBe('TASK_KILLED');
  });
});
