import type { ExecutorInfo } from '@tranche/mesos-api';
import { executorOf, type Task } from './task.js';

/** Custom executors, known by the running tasks that they have. */
export class ExecutorTable {
  /** Framework and agent → executor id → its running tasks. */
  private readonly executors = new Map<string, Map<string, Set<Task>>>();

  add(task: Task): void {
    const executor = executorOf(task);
    if (executor === undefined) return;
    const place = placeOf(task.record);
    const here = this.executors.get(place) ?? new Map<string, Set<Task>>();
    this.executors.set(place, here);
    const tasks = here.get(executor.executor_id.value) ?? new Set<Task>();
    here.set(executor.executor_id.value, tasks.add(task));
  }

  /** @returns another running task of the same executor: what the executor holds is then its to hold */
  remove(task: Task): Task | undefined {
    const executorId = executorOf(task)?.executor_id.value;
    const here = this.executors.get(placeOf(task.record));
    if (executorId === undefined || here === undefined) return undefined;
    const tasks = here.get(executorId);
    tasks?.delete(task);
    const [heir] = tasks ?? [];
    if (heir === undefined) here.delete(executorId);
    if (here.size === 0) this.executors.delete(placeOf(task.record));
    return heir;
  }

  /** What an executor was started with; undefined when it does not run there. */
  infoOf(frameworkId: string, agentId: string, executorId: string): ExecutorInfo | undefined {
    const [task] = this.executors.get(placeOf({ frameworkId, agentId }))?.get(executorId) ?? [];
    return task === undefined ? undefined : executorOf(task);
  }

  /** Ids of the framework's executors on an agent. */
  idsOn(frameworkId: string, agentId: string): string[] {
    return [...(this.executors.get(placeOf({ frameworkId, agentId }))?.keys() ?? [])];
  }
}

const placeOf = (at: { readonly frameworkId: string; readonly agentId: string }): string =>
  `${at.frameworkId}/${at.agentId}`;
