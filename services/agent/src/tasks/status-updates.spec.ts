import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { TaskWorld } from '../testing/task-world.js';

describe('StatusUpdates', () => {
  let world: TaskWorld;

  beforeEach(async () => {
    world = new TaskWorld();
    await world.launch();
    await settled();
  });

  it('sends one update of a task at a time, in order', async () => {
    expect(world.states).toEqual(['TASK_STARTING']);
    world.acknowledge();
    expect(world.states).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
    world.containerizer.end(world.task().containerId, { waitStatus: 0 });
    await settled();
    expect(world.states).toHaveLength(2);
    world.acknowledge();
    expect(world.states).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  });

  it('tells of the newest status once while older ones wait', async () => {
    expect(world.noted.map(({ state }) => state)).toEqual(['TASK_RUNNING']);
    world.containerizer.end(world.task().containerId, { waitStatus: 0 });
    await settled();
    expect(world.noted.map(({ state }) => state)).toEqual(['TASK_RUNNING', 'TASK_FINISHED']);
    world.acknowledge();
    world.acknowledge();
    expect(world.noted).toHaveLength(2);
  });

  it('sends an update again after 10 s, then after twice as long each time, up to 10 min', () => {
    world.clock.advance(9_999);
    expect(world.sent).toHaveLength(1);
    world.clock.advance(1);
    expect(world.sent).toHaveLength(2);
    world.clock.advance(20_000);
    expect(world.sent).toHaveLength(3);
    world.clock.advance(40_000 + 80_000 + 160_000 + 320_000 + 600_000);
    expect(world.sent).toHaveLength(8);
    world.clock.advance(600_000);
    expect(world.sent).toHaveLength(9);
  });

  it('ignores an acknowledgement that is not for the update in flight', () => {
    world.updates.acknowledge('F', 't1', 'bogus');
    world.updates.acknowledge('F', 'nobody', 'bogus');
    expect(world.states).toEqual(['TASK_STARTING']);
  });

  it('sends nothing that is not on disk, even after an acknowledgement', async () => {
    world.acknowledge();
    world.acknowledge();
    world.checkpoint.hold();
    world.containerizer.end(world.task().containerId, { waitStatus: 0 });
    await settled();
    expect(world.task().state).toBe('TASK_FINISHED');
    expect(world.states).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
    world.checkpoint.release();
    await settled();
    expect(world.states).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  });

  it('sends the oldest update again at once when the framework is back', () => {
    world.updates.resume('F');
    expect(world.states).toEqual(['TASK_STARTING', 'TASK_STARTING']);
    world.updates.resume('G');
    expect(world.sent).toHaveLength(2);
  });

  it('is silent while it is paused', () => {
    world.updates.pause();
    world.acknowledge();
    world.clock.advance(600_000);
    expect(world.sent).toHaveLength(1);
    world.updates.resume();
    expect(world.states).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('sends the oldest update again when the broker is back, but not while it is paused', () => {
    world.updates.repeat();
    expect(world.states).toEqual(['TASK_STARTING', 'TASK_STARTING']);
    world.updates.pause();
    world.updates.repeat();
    expect(world.sent).toHaveLength(2);
  });

  it('sends all that is left before the agent goes', () => {
    world.updates.flush();
    expect(world.states).toEqual(['TASK_STARTING', 'TASK_STARTING', 'TASK_RUNNING']);
  });
});
