import { isTerminalState, type TaskState, type TaskStatus } from '@tranche/mesos-api';

/** How many tasks have ended in each state since the registry started: the counters behind `/metrics/snapshot`. */
export class TaskCounters {
  private readonly byState = new Map<TaskState, number>();
  /** By `task_<state>/source_<source>/reason_<reason>`, Mesos' spelling. */
  private readonly byReason = new Map<string, number>();

  ended(state: TaskState): number {
    return this.byState.get(state) ?? 0;
  }

  get reasons(): ReadonlyMap<string, number> {
    return this.byReason;
  }

  /** @param before the task's state until now */
  count(before: TaskState, state: TaskState, status: TaskStatus | undefined): void {
    if (state === before || !isTerminalState(state)) return;
    this.byState.set(state, this.ended(state) + 1);
    if (status === undefined) return;
    const key = reasonKey(state, status);
    this.byReason.set(key, (this.byReason.get(key) ?? 0) + 1);
  }
}

/** v1 says AGENT where metrics have always said slave. */
function reasonKey(state: TaskState, { source, reason }: TaskStatus): string {
  const names = [state, source, reason].filter((name) => name !== undefined);
  return names.map((name) => name.toLowerCase().replaceAll('agent', 'slave')).join('/');
}
