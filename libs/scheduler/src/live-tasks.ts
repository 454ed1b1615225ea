import {
  isTerminalState,
  type SchedulerCall,
  type SchedulerCallReconcileTask,
  type TaskStatus,
} from '@tranche/mesos-api';

/**
 * The tasks that this scheduler launched or heard of and that have not ended: what is asked for after a reconnect.
 */
export class LiveTasks {
  readonly #agentOf = new Map<string, string | undefined>();
  /** Tasks asked for and not yet answered. */
  #unanswered = new Set<string>();

  /** Notes the tasks that an ACCEPT launches, singly or in groups; other calls are ignored. */
  noteCall(call: SchedulerCall): void {
    for (const { launch, launch_group } of call.accept?.operations ?? []) {
      const tasks = [...(launch?.task_infos ?? []), ...(launch_group?.task_group.tasks ?? [])];
      for (const task of tasks) this.#agentOf.set(task.task_id.value, task.agent_id.value);
    }
  }

  /** Notes a status: it answers for its task, and a terminal one removes it. */
  noteStatus(status: TaskStatus): void {
    const taskId = status.task_id.value;
    this.#unanswered.delete(taskId);
    if (isTerminalState(status.state)) this.#agentOf.delete(taskId);
    else this.#agentOf.set(taskId, status.agent_id?.value ?? this.#agentOf.get(taskId));
  }

  /** Begins a round of questions about every live task. */
  askAll(): void {
    this.#unanswered = new Set(this.#agentOf.keys());
  }

  /** Members of the RECONCILE call for what has not been answered; empty when the round is complete. */
  unanswered(): SchedulerCallReconcileTask[] {
    return [...this.#unanswered].map((taskId) => {
      const agentId = this.#agentOf.get(taskId);
      return { task_id: { value: taskId }, ...(agentId !== undefined && { agent_id: { value: agentId } }) };
    });
  }
}
