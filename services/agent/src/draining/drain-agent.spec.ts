import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { frameworkInfo } from '../testing/task.builder.js';
import { TaskWorld } from '../testing/task-world.js';

const aware = frameworkInfo('PARTITION_AWARE', 'TASK_KILLING_STATE');
const grace = (seconds: number) => ({ kill_policy: { grace_period: { nanoseconds: seconds * 1e9 } } });

describe('DrainAgent', () => {
  let world: TaskWorld;
  const signals = (taskId = 't1') => world.containerizer.signals(world.task(taskId).containerId);
  const running = async (task: Parameters<TaskWorld['launch']>[0] = {}, framework = frameworkInfo()) => {
    await world.launch(task, { framework });
    await settled();
  };
  const end = async (taskId = 't1') => {
    world.containerizer.end(world.task(taskId).containerId, { waitStatus: 15 });
    await settled();
  };
  const last = (taskId = 't1') => world.task(taskId).statuses.at(-1);

  beforeEach(() => {
    world = new TaskWorld();
  });

  it('ends tasks within the grace that is allowed, whatever they allow themselves', async () => {
    await running({ task_id: { value: 't1' }, ...grace(60) });
    await running({ task_id: { value: 't2' }, ...grace(1) });
    await world.drain.begin({ maxGraceMs: 5_000, markGone: false });
    world.clock.advance(1_000);
    expect([signals('t1'), signals('t2')]).toEqual([['SIGTERM'], ['SIGTERM', 'SIGKILL']]);
    world.clock.advance(4_000);
    expect(signals('t1')).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('says of each end why it is', async () => {
    await running({}, aware);
    await world.drain.begin({ markGone: false });
    expect(last()).toMatchObject({ state: 'TASK_KILLING', reason: 'REASON_AGENT_DRAINING' });
    await end();
    expect(last()).toMatchObject({
      state: 'TASK_KILLED',
      source: 'SOURCE_EXECUTOR',
      reason: 'REASON_AGENT_DRAINING',
      message: 'Command terminated with signal Terminated',
    });
  });

  it('ends tasks of partition-aware frameworks as gone when it will be, others as killed', async () => {
    await running({}, aware);
    await world.drain.begin({ markGone: true });
    await end();
    expect(last()).toMatchObject({ state: 'TASK_GONE_BY_OPERATOR', reason: 'REASON_AGENT_DRAINING' });
    const plain = new TaskWorld();
    await plain.launch();
    await settled();
    await plain.drain.begin({ markGone: true });
    plain.containerizer.end(plain.task().containerId, { waitStatus: 15 });
    await settled();
    expect(plain.task().statuses.at(-1)).toMatchObject({ state: 'TASK_KILLED', reason: 'REASON_AGENT_DRAINING' });
  });

  it('refuses new tasks', async () => {
    await running();
    await world.drain.begin({ markGone: false });
    await world.launch({ task_id: { value: 't2' } }, { framework: aware });
    await settled();
    expect(last('t2')).toMatchObject({
      state: 'TASK_DROPPED',
      source: 'SOURCE_AGENT',
      reason: 'REASON_AGENT_DRAINING',
      message: 'Agent is draining',
    });
  });

  it('is drained when the last update is acknowledged, and takes tasks again then', async () => {
    await running();
    await world.drain.begin({ markGone: false });
    await end();
    while (world.task().pending.length > 1) world.acknowledge();
    world.clock.advance(1_000);
    await settled();
    expect([world.told, world.drain.isDraining]).toEqual([[], true]);
    world.acknowledge();
    world.clock.advance(1_000);
    await settled();
    expect([world.told, world.drain.isDraining]).toEqual([[{ agentId: 'S0' }], false]);
  });

  it('takes tasks again when the order is taken back, and says no more that it is empty', async () => {
    await running();
    await world.drain.begin({ markGone: false });
    world.drain.giveUp();
    await end();
    while (world.task().pending.length > 0) world.acknowledge();
    world.clock.advance(5_000);
    await settled();
    expect([world.told, world.drain.isDraining]).toEqual([[], false]);
    await running({ task_id: { value: 't2' } });
    expect(last('t2')?.state).toBe('TASK_RUNNING');
  });

  it('is drained at once when nothing runs', async () => {
    await world.drain.begin({ markGone: false });
    await settled();
    expect(world.told).toEqual([{ agentId: 'S0' }]);
  });
});
