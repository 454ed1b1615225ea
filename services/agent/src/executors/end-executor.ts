import type { Logger } from '@tranche/telemetry';
import type { AgentCounts } from '../agent-counts.js';
import type { Ledger } from '../checkpoint/ledger.js';
import type { ContainerTermination } from '../containerizer/container.js';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { Limiter } from '../tasks/limiter.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { isTerminal } from '../tasks/task-state.js';
import type { AgentExecutor } from './agent-executor.js';
import { endOfExecutorTask } from './executor-end.js';
import type { ExecutorLinks } from './executor-links.js';
import type { ExecutorSender } from './executor-sender.port.js';
import type { ExecutorTimers } from './executor-timers.js';

export interface EndExecutorParts {
  readonly ledger: Ledger;
  readonly containerizer: Containerizer;
  readonly updates: StatusUpdates;
  readonly live: LiveContainers;
  readonly links: ExecutorLinks;
  readonly timers: ExecutorTimers;
  readonly sender: ExecutorSender;
  /** Bounds how many containers are removed at a time. */
  readonly cleanups: Limiter;
  readonly counts: AgentCounts;
  readonly logger: Logger;
}

/** Waits for the end of an executor, answers for its tasks, tells the control plane, and frees what it held. */
export class EndExecutor {
  /** Containers whose end is being seen to: there is one end, whoever finds it first. */
  private readonly ending = new Set<string>();

  constructor(private readonly parts: EndExecutorParts) {}

  /** Returns at once; the rest happens when the container ends. */
  watch(executor: AgentExecutor): void {
    this.parts.live.running(executor);
    void this.follow(executor);
  }

  /**
   * The container has ended or will never be. Everything up to the last record can be repeated: after a crash in between, the next
   * start of the agent ends the executor again.
   *
   * @throws CheckpointFailedError
   */
  async settle(executor: AgentExecutor, termination: ContainerTermination): Promise<void> {
    const { ledger, live, links, timers, counts, logger } = this.parts;
    const { frameworkId, executorId, containerId } = executor;
    if (this.ending.has(containerId)) return;
    this.ending.add(containerId);
    timers.cancelAll(containerId);
    links.close(containerId);
    await this.answerForTasks(executor, termination);
    // With a container that has ended goes its exit status: not before that is told. One that runs goes before what it holds is given away.
    const keepsStatus = termination.waitStatus !== undefined && executor.shutdown?.cause !== 'idle';
    // With the container go those within it and their exit statuses: not before the ends of their tasks, found in this very turn, are on disk.
    await ledger.record();
    if (!keepsStatus) await this.remove(executor);
    live.ended(executor);
    await this.tell(executor, termination.waitStatus ?? -1);
    if (keepsStatus) await this.remove(executor);
    logger.info('executor ended', { frameworkId, executorId, containerId, status: termination.waitStatus });
    await ledger.record({ kind: 'executor-ended', frameworkId, executorId });
    this.ending.delete(containerId);
    counts.executorsEnded += 1;
  }

  private async follow(executor: AgentExecutor): Promise<void> {
    try {
      await this.settle(executor, await this.terminationOf(executor));
    } catch (error) {
      // A failed write ends the agent; its next start finds the executor as it was.
      this.parts.logger.warn('end of executor could not be written down', { ...idsOf(executor), error });
    }
  }

  private async answerForTasks(executor: AgentExecutor, termination: ContainerTermination): Promise<void> {
    const { ledger, updates } = this.parts;
    const framework = ledger.state.framework(executor.frameworkId);
    if (framework === undefined) return;
    const tasks = ledger.state.tasksOf(executor).filter(({ state }) => !isTerminal(state));
    const end = endOfExecutorTask(framework.info, termination, executor.shutdown);
    await Promise.all(tasks.map((task) => updates.report(task, end)));
  }

  private async terminationOf(executor: AgentExecutor): Promise<ContainerTermination> {
    try {
      return await this.parts.containerizer.termination(executor.containerId);
    } catch (error) {
      this.parts.logger.error('executor could not be waited for', { ...idsOf(executor), error });
      return {};
    }
  }

  private async tell(executor: AgentExecutor, status: number): Promise<void> {
    const framework = this.parts.ledger.state.framework(executor.frameworkId);
    if (framework === undefined || framework.removed) return;
    try {
      await this.parts.sender.ended(executor, status);
    } catch (error) {
      this.parts.logger.warn('end of executor was not taken', { ...idsOf(executor), error });
    }
  }

  /** A failure must not keep the tasks without an answer; what is left over is removed when the agent starts the next time. */
  private async remove(executor: AgentExecutor): Promise<void> {
    const { cleanups, containerizer, logger } = this.parts;
    try {
      await cleanups.run(() => containerizer.remove(executor.containerId));
    } catch (error) {
      logger.error('container could not be removed', { ...idsOf(executor), error });
    }
  }
}

const idsOf = ({ frameworkId, executorId, containerId }: AgentExecutor): Record<string, string> => ({
  frameworkId,
  executorId,
  containerId,
});
