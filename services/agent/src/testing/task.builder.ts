import type { FrameworkInfo, TaskInfo } from '@tranche/mesos-api';
import type { TaskLaunch } from '../checkpoint/record.js';

/** For tests: a framework's info with the given capabilities. */
export const frameworkInfo = (
  ...capabilities: NonNullable<NonNullable<FrameworkInfo['capabilities']>[number]['type']>[]
): FrameworkInfo => ({
  user: 'root',
  name: 'test',
  id: { value: 'F' },
  capabilities: capabilities.map((type) => ({ type })),
});

/** For tests: a command task of 1 cpu and 64 MB. */
export const taskInfo = (more: Partial<TaskInfo> = {}): TaskInfo => ({
  name: 'test',
  task_id: { value: 't1' },
  agent_id: { value: 'S0' },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: 'dev' } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 64 }, allocation_info: { role: 'dev' } },
  ],
  command: { value: 'sleep 60' },
  ...more,
});

/** For tests: the launch of a command task by framework F. */
export const taskLaunch = (more: Partial<TaskLaunch> = {}): TaskLaunch => {
  const taskId = more.taskId ?? 't1';
  return {
    frameworkId: 'F',
    taskId,
    info: taskInfo({ task_id: { value: taskId } }),
    role: 'dev',
    traceId: 'a'.repeat(32),
    messageId: `message-${taskId}`,
    containerId: `container-${taskId}`,
    launchedAtMs: 1_000,
    ...more,
  };
};
