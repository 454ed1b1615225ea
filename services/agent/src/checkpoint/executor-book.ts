import type { AgentExecutor } from '../executors/agent-executor.js';
import type { ExecutorRecord } from './record.js';

/** How many ended executors are remembered of one framework. @source Mesos 1.11: max_completed_executors_per_framework */
export const MAX_COMPLETED_EXECUTORS = 150;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The executors of one framework: those that run, and the last that have ended. Changed by records alone, like all of the state. */
export class ExecutorBook {
  private readonly live = new Map<string, Mutable<AgentExecutor>>();
  private readonly ended: AgentExecutor[] = [];

  /** By executor id. */
  get running(): ReadonlyMap<string, AgentExecutor> {
    return this.live;
  }

  /** Oldest first. */
  get completed(): readonly AgentExecutor[] {
    return this.ended;
  }

  /** A record about an executor that is not there (any more) changes nothing. */
  apply(record: ExecutorRecord): void {
    switch (record.kind) {
      case 'executor':
        if (!this.live.has(record.launch.executorId)) this.live.set(record.launch.executorId, { ...record.launch });
        return;
      case 'restored-executor':
        if (record.hasEnded) this.ended.push(record.executor);
        else this.live.set(record.executor.executorId, { ...record.executor });
        return;
      default:
        this.change(record);
    }
  }

  /** The records that lead to these executors from none. */
  *snapshot(): Generator<ExecutorRecord> {
    for (const executor of this.ended) yield { kind: 'restored-executor', executor, hasEnded: true };
    for (const executor of this.live.values()) yield { kind: 'restored-executor', executor, hasEnded: false };
  }

  private change(record: Exclude<ExecutorRecord, { kind: 'executor' | 'restored-executor' }>): void {
    const executor = this.live.get(record.executorId);
    if (executor === undefined) return;
    if (record.kind === 'executor-container') executor.container = record.container;
    else if (record.kind === 'executor-subscribed') executor.hasSubscribed = true;
    else if (record.kind === 'executor-shutdown') executor.shutdown = record.shutdown;
    else this.end(executor);
  }

  private end(executor: AgentExecutor): void {
    this.live.delete(executor.executorId);
    this.ended.push(executor);
    if (this.ended.length > MAX_COMPLETED_EXECUTORS) this.ended.shift();
  }
}
