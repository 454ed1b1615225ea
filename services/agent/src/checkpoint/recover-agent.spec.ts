import { beforeEach, describe, expect, it } from 'vitest';
import { FakeIds } from '../testing/fake-ids.js';
import { settled } from '../testing/settled.js';
import { FakeNode } from '../testing/fake-containerizer.js';
import { frameworkInfo } from '../testing/task.builder.js';
import { TaskWorld } from '../testing/task-world.js';
import { AgentState } from './agent-state.js';
import type { CheckpointRecord } from './record.js';

describe('RecoverAgent', () => {
  const node = new FakeNode();
  const ids = new FakeIds();
  let before: TaskWorld;

  /** The agent dies with only this on its disk; its containers run on. */
  const restart = async (durable: readonly CheckpointRecord[] = before.checkpoint.durable): Promise<TaskWorld> => {
    const state = new AgentState();
    for (const record of structuredClone(durable)) state.apply(record);
    const world = new TaskWorld({ node, state, ids });
    await world.recovery.recover();
    await settled();
    return world;
  };

  beforeEach(() => {
    node.containers.clear();
    node.begun.length = 0;
    before = new TaskWorld({ node, ids });
  });

  it('watches a running task again, with its container', async () => {
    await before.launch();
    await settled();
    const after = await restart();
    expect(after.task()).toMatchObject({ state: 'TASK_RUNNING', containerId: before.task().containerId });
    after.containerizer.end(after.task().containerId, { waitStatus: 0 });
    await settled();
    expect(after.task().statuses.at(-1)).toMatchObject({ state: 'TASK_FINISHED' });
    expect(node.begun).toHaveLength(1);
  });

  it('gives a task that ended meanwhile its real exit status', async () => {
    await before.launch();
    await settled();
    before.containerizer.end(before.task().containerId, { waitStatus: 42 * 256 });
    const after = await restart();
    expect(after.task().statuses.at(-1)).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Command exited with status 42',
    });
    expect(node.containers.size).toBe(0);
  });

  it('fails a running task whose container left no trace', async () => {
    await before.launch();
    await settled();
    node.containers.clear();
    const after = await restart();
    expect(after.task()).toMatchObject({ state: 'TASK_FAILED' });
    expect(after.task().statuses.at(-1)).toMatchObject({ reason: 'REASON_EXECUTOR_TERMINATED' });
  });

  it('names a reboot of the machine as the end of what ran before it', async () => {
    await before.launch();
    await settled();
    node.containers.clear();
    const records = before.checkpoint.durable.map((record) =>
      record.kind === 'container'
        ? { ...record, container: { ...record.container, bootId: 'an earlier one' } }
        : record,
    );
    const after = await restart(records);
    expect(after.task().statuses.at(-1)).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Container ended when the machine was rebooted',
    });
  });

  it('keeps a container that has ended until its exit status is written down', async () => {
    await before.launch();
    await settled();
    before.checkpoint.hold();
    before.containerizer.end(before.task().containerId, { waitStatus: 42 * 256 });
    const state = new AgentState();
    for (const record of structuredClone(before.checkpoint.durable)) state.apply(record);
    const world = new TaskWorld({ node, state, ids });
    world.checkpoint.hold();
    const recovered = world.recovery.recover();
    await settled();
    expect(node.containers.size).toBe(1);
    world.checkpoint.release();
    await recovered;
    expect(node.containers.size).toBe(0);
  });

  it('drops a task of which no container was written down, and removes what there is of it', async () => {
    await before.launch({}, { framework: frameworkInfo('PARTITION_AWARE') });
    await settled();
    const after = await restart(
      before.checkpoint.durable.filter(({ kind }) => kind !== 'container' && kind !== 'status'),
    );
    expect(after.task().statuses).toMatchObject([
      { state: 'TASK_DROPPED', reason: 'REASON_AGENT_RESTARTED', message: 'Task launched during agent restart' },
    ]);
    expect(node.containers.size).toBe(0);
  });

  it('drops a task of which it cannot tell whether it had begun, with its process', async () => {
    await before.launch();
    await settled();
    const after = await restart(before.checkpoint.durable.slice(0, -1));
    expect(after.task()).toMatchObject({ state: 'TASK_LOST' });
    expect(node.containers.size).toBe(0);
  });

  it('goes on with a kill', async () => {
    await before.launch();
    await settled();
    await before.killer.kill(before.task(), 'kill');
    const after = await restart();
    const signals = () => after.containerizer.signals(after.task().containerId);
    expect(signals()).toEqual(['SIGTERM', 'SIGTERM']);
    after.clock.advance(3_000);
    expect(signals()).toEqual(['SIGTERM', 'SIGTERM', 'SIGKILL']);
    after.containerizer.end(after.task().containerId, { waitStatus: 9 });
    await settled();
    expect(after.task().state).toBe('TASK_KILLED');
  });

  it('goes on counting the time that a task may take', async () => {
    await before.launch({ max_completion_time: { nanoseconds: 5e9 } });
    await settled();
    const after = await restart();
    after.clock.advance(5_000);
    await settled();
    expect(after.containerizer.signals(after.task().containerId)).toEqual(['SIGTERM']);
  });

  it('sends what was not acknowledged, the oldest first', async () => {
    await before.launch();
    await settled();
    before.acknowledge();
    const after = await restart();
    after.updates.resume();
    expect(after.states.at(-1)).toBe('TASK_RUNNING');
  });

  it('counts what its tasks hold', async () => {
    await before.launch();
    await settled();
    const after = await restart();
    expect(after.capacity.allocated.toText()).toBe('cpus:1; mem:64');
  });
});
