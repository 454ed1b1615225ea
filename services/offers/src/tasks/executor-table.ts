import type { ExecutorInfo, Resource } from '@tranche/mesos-api';
import { executorOf, type Task } from './task.js';

/**
 * A custom or default executor without a running task of its own account: it holds what it was started with until it ends, which its
 * agent tells. Tasks that are launched on it later hold nothing for it.
 */
export interface IdleExecutor {
  readonly frameworkId: string;
  readonly agentId: string;
  /** Role that its resources are allocated to. */
  readonly role: string;
  readonly info: ExecutorInfo;
  /** Without `allocation_info`. */
  readonly held: readonly Resource[];
}

interface Executor {
  readonly tasks: Set<Task>;
  /** It has spoken, so that its agent will tell its end. Of one that never ran nothing more comes. */
  isSeen: boolean;
}

/** Custom and default executors, known by the running tasks that they have, or by having had some. */
export class ExecutorTable {
  /** Framework and agent → executor id → what is known by its running tasks. */
  private readonly running = new Map<string, Map<string, Executor>>();
  /** Agent → framework and executor id → the idle executor. */
  private readonly idle = new Map<string, Map<string, IdleExecutor>>();

  add(task: Task): void {
    const id = executorOf(task)?.executor_id.value;
    if (id === undefined) return;
    const place = placeOf(task.record);
    const here = this.running.get(place) ?? new Map<string, Executor>();
    this.running.set(place, here);
    const executor = here.get(id) ?? { tasks: new Set<Task>(), isSeen: false };
    here.set(id, executor);
    executor.tasks.add(task);
    executor.isSeen ||= task.record.statuses.some(({ source }) => source === 'SOURCE_EXECUTOR');
  }

  /** The executor of a task has said something. */
  heard(task: Task): void {
    const id = executorOf(task)?.executor_id.value;
    const executor = id === undefined ? undefined : this.running.get(placeOf(task.record))?.get(id);
    if (executor !== undefined) executor.isSeen = true;
  }

  /**
   * Takes a task off its executor.
   *
   * @returns heir: another running task of it, which holds from now on what the executor holds; staysIdle: the executor runs on without one
   */
  remove(task: Task): { readonly heir?: Task; readonly staysIdle: boolean } {
    const id = executorOf(task)?.executor_id.value;
    const here = this.running.get(placeOf(task.record));
    const executor = id === undefined ? undefined : here?.get(id);
    if (id === undefined || here === undefined || executor === undefined) return { staysIdle: false };
    executor.tasks.delete(task);
    const [heir] = executor.tasks;
    if (heir !== undefined) return { heir, staysIdle: false };
    this.dropRunning(task.record, id);
    return { staysIdle: executor.isSeen };
  }

  /** Notes an executor without tasks. */
  park(executor: IdleExecutor): void {
    const here = this.idle.get(executor.agentId) ?? new Map<string, IdleExecutor>();
    this.idle.set(executor.agentId, here.set(keyOf(executor), executor));
  }

  /**
   * An executor has ended.
   *
   * @returns tasks that ran on it and may hold something for it, and the idle executor that it was
   */
  end(at: { readonly frameworkId: string; readonly agentId: string; readonly executorId: string }): {
    readonly tasks: readonly Task[];
    readonly idle?: IdleExecutor;
  } {
    const tasks = [...(this.running.get(placeOf(at))?.get(at.executorId)?.tasks ?? [])];
    this.dropRunning(at, at.executorId);
    const here = this.idle.get(at.agentId);
    const key = `${at.frameworkId}/${at.executorId}`;
    const idle = here?.get(key);
    here?.delete(key);
    if (here?.size === 0) this.idle.delete(at.agentId);
    return idle === undefined ? { tasks } : { tasks, idle };
  }

  /** What an executor was started with; undefined when it does not run there. */
  infoOf(frameworkId: string, agentId: string, executorId: string): ExecutorInfo | undefined {
    const [task] = this.running.get(placeOf({ frameworkId, agentId }))?.get(executorId)?.tasks ?? [];
    if (task !== undefined) return executorOf(task);
    return this.idle.get(agentId)?.get(`${frameworkId}/${executorId}`)?.info;
  }

  /** Ids of the framework's executors on an agent. */
  idsOn(frameworkId: string, agentId: string): string[] {
    const ids = new Set(this.running.get(placeOf({ frameworkId, agentId }))?.keys());
    for (const executor of this.idleOn(agentId)) {
      if (executor.frameworkId === frameworkId) ids.add(executor.info.executor_id.value);
    }
    return [...ids];
  }

  /** A copy: the caller may end them on the way. */
  idleOn(agentId: string): IdleExecutor[] {
    return [...(this.idle.get(agentId)?.values() ?? [])];
  }

  /** A copy: the caller may end them on the way. */
  idleOf(frameworkId: string): IdleExecutor[] {
    return [...this.allIdle()].filter((executor) => executor.frameworkId === frameworkId);
  }

  *allIdle(): Generator<IdleExecutor> {
    for (const here of this.idle.values()) yield* here.values();
  }

  private dropRunning(at: { readonly frameworkId: string; readonly agentId: string }, executorId: string): void {
    const here = this.running.get(placeOf(at));
    here?.delete(executorId);
    if (here?.size === 0) this.running.delete(placeOf(at));
  }
}

const keyOf = ({ frameworkId, info }: IdleExecutor): string => `${frameworkId}/${info.executor_id.value}`;

const placeOf = (at: { readonly frameworkId: string; readonly agentId: string }): string =>
  `${at.frameworkId}/${at.agentId}`;
