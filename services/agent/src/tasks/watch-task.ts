import type { Logger } from '@tranche/telemetry';
import type { ContainerTermination } from '../containerizer/container.js';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { AgentTask } from './agent-task.js';
import type { KillTask } from './kill-task.js';
import type { Limiter } from './limiter.js';
import type { LiveContainers } from './live-containers.js';
import type { StatusUpdates } from './status-updates.js';
import { endOfTask } from './task-end.js';
import { isTerminal } from './task-state.js';

/** Waits for the end of a running task's container, reports it, and frees what the container held. */
export class WatchTask {
  /** @param cleanups bounds how many containers are removed at a time */
  constructor(
    private readonly containerizer: Containerizer,
    private readonly updates: StatusUpdates,
    private readonly killer: KillTask,
    private readonly live: LiveContainers,
    private readonly cleanups: Limiter,
    private readonly logger: Logger,
  ) {}

  /** Returns at once; the rest happens when the container ends. Also takes up a kill that was begun before. */
  watch(task: AgentTask): void {
    this.live.running(task);
    this.killer.resume(task);
    void this.follow(task);
  }

  private async follow(task: AgentTask): Promise<void> {
    const termination = await this.terminationOf(task);
    this.killer.settle(task);
    try {
      const reported = isTerminal(task.state)
        ? undefined
        : this.updates.report(task, endOfTask(termination, task.kill));
      this.live.ended(task);
      await reported;
    } catch (error) {
      // The container keeps its exit status for the agent's next start.
      this.logger.warn('end of task could not be written down', { ...idsOf(task), error });
      return;
    }
    await this.remove(task);
  }

  /** What cannot be waited for is ended first: its resources are given away once its end is reported. */
  private async terminationOf(task: AgentTask): Promise<ContainerTermination> {
    try {
      return await this.containerizer.termination(task.containerId);
    } catch (error) {
      this.logger.error('container could not be waited for', { ...idsOf(task), error });
      await this.remove(task);
      return {};
    }
  }

  /** What is left over by a failure is removed when the agent starts the next time. */
  private async remove(task: AgentTask): Promise<void> {
    try {
      await this.cleanups.run(() => this.containerizer.remove(task.containerId));
    } catch (error) {
      this.logger.error('container could not be removed', { ...idsOf(task), error });
    }
  }
}

const idsOf = (task: AgentTask): { taskId: string; frameworkId: string; containerId: string } => ({
  taskId: task.taskId,
  frameworkId: task.frameworkId,
  containerId: task.containerId,
});
