import type { ExecutorEvent, ExecutorInfo, Resource, TaskInfo, TaskStatus } from '@tranche/mesos-api';
import type { ExecutorStream } from '../executors/executor-links.js';
import { taskInfo } from './task.builder.js';

export const scalars = (cpus: number, mem: number): Resource[] => [
  { name: 'cpus', type: 'SCALAR', scalar: { value: cpus }, allocation_info: { role: 'dev' } },
  { name: 'mem', type: 'SCALAR', scalar: { value: mem }, allocation_info: { role: 'dev' } },
];

/** For tests: a custom executor of 0.1 cpus and 32 MB. */
export const executorInfo = (more: Partial<ExecutorInfo> = {}): ExecutorInfo => ({
  type: 'CUSTOM',
  executor_id: { value: 'e1' },
  framework_id: { value: 'F' },
  command: { value: './run' },
  resources: scalars(0.1, 32),
  ...more,
});

/** For tests: a task of 0.2 cpus and 64 MB for that executor, which runs it. */
export const executorTask = (taskId: string, more: Partial<TaskInfo> = {}): TaskInfo => {
  const { command: _itsOwn, ...info } = taskInfo({
    task_id: { value: taskId },
    resources: scalars(0.2, 64),
    executor: executorInfo(),
  });
  return { ...info, ...more };
};

/** For tests: an update as an executor sends it. */
export const executorStatus = (
  taskId: string,
  state: TaskStatus['state'],
  uuid: string,
  more: Partial<TaskStatus> = {},
): TaskStatus => ({ task_id: { value: taskId }, state, source: 'SOURCE_EXECUTOR', uuid, timestamp: 5, ...more });

/** For tests: the executor's end of its event stream. */
export class FakeExecutorStream implements ExecutorStream {
  readonly events: ExecutorEvent[] = [];
  isOver = false;

  send(event: ExecutorEvent): void {
    if (!this.isOver) this.events.push(event);
  }

  end(): void {
    this.isOver = true;
  }

  get types(): (string | undefined)[] {
    return this.events.map(({ type }) => type);
  }

  /** Ids of the tasks that it was told to launch. */
  get launched(): (string | undefined)[] {
    return this.events.flatMap(({ launch, launch_group }) => [
      ...(launch === undefined ? [] : [launch.task.task_id.value]),
      ...(launch_group?.task_group.tasks ?? []).map(({ task_id }) => task_id.value),
    ]);
  }
}
