import type { ExecutorInfo } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { executorInfo, scalars } from '../testing/executor.builder.js';
import { settled } from '../testing/settled.js';
import { frameworkInfo, taskInfo } from '../testing/task.builder.js';
import { TaskWorld } from '../testing/task-world.js';

/** A group of one task as nobody, by a framework of root's whose principal may run tasks as nobody alone. */
async function launchGroup(executor: ExecutorInfo): Promise<TaskWorld> {
  const world = new TaskWorld();
  world.mayRunAs = (principal, user) => principal === 'fw' && user === 'nobody';
  const task = taskInfo({ resources: scalars(0.2, 64), command: { value: 'true', user: 'nobody' } });
  const framework = { ...frameworkInfo(), principal: 'fw', user: 'root' };
  const asked = { frameworkId: 'F', framework, executor, tasks: [task], role: 'dev', traceId: 'a'.repeat(32) };
  await world.executors.launcher.launch({ ...asked, isGroup: true }, world.ids.uuid());
  await settled();
  return world;
}

describe('LaunchOnExecutor', () => {
  it.each([
    ['that names a user', { value: './run', user: 'root' }],
    ['of its framework', { value: './run' }],
  ])('starts no process %s that the framework may not run tasks as, whatever the tasks say', async (_, command) => {
    const world = await launchGroup(executorInfo({ command }));
    expect(world.containerizer.node.begun).toEqual([]);
    expect(world.task().statuses).toMatchObject([
      {
        state: 'TASK_ERROR',
        source: 'SOURCE_AGENT',
        reason: 'REASON_TASK_GROUP_UNAUTHORIZED',
        message: "Executor 'e1' is not authorized to launch as user 'root'",
      },
    ]);
  });

  it('asks for the user of the process, and for none where the agent plays the executor', async () => {
    const process = await launchGroup(executorInfo({ command: { value: './run', user: 'nobody' } }));
    const { command: _none, ...pod } = executorInfo({ type: 'DEFAULT' });
    for (const world of [process, await launchGroup(pod)]) {
      expect(world.containerizer.node.begun).not.toEqual([]);
      expect(world.task().statuses.map(({ state }) => state)).not.toContain('TASK_ERROR');
    }
  });
});
