import { toMs } from '@tranche/mesos-api';
import type { Logger, TimerClock } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { ExecutorShutdown } from '../checkpoint/record.js';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import { type AgentExecutor, isDefaultExecutor } from './agent-executor.js';
import type { ExecutorLinks } from './executor-links.js';
import type { ExecutorTimers } from './executor-timers.js';

/** An executor whose container has not ended is killed again after this long, in case the first kill could not be carried out. */
const DESTROY_AGAIN_MS = 5_000;

/** Causes for which nothing is gained by waiting: the executor does not listen, or cannot be trusted to. */
const AT_ONCE: ReadonlySet<ExecutorShutdown['cause']> = new Set([
  'not-launched',
  'not-registered',
  'not-reregistered',
  'not-updated',
  'not-checkpointed',
]);

export interface ShutdownExecutorParts {
  readonly ledger: Ledger;
  readonly containerizer: Containerizer;
  readonly live: LiveContainers;
  readonly links: ExecutorLinks;
  readonly timers: ExecutorTimers;
  /** Ends the tasks of an executor that the agent plays; it ends with the last of them. */
  readonly endTasks: (executor: AgentExecutor, shutdown: ExecutorShutdown) => Promise<void>;
  readonly graceMs: number;
  readonly clock: TimerClock;
  readonly logger: Logger;
}

/** Ends executors: SHUTDOWN, and when the grace is over, force. @source executor API §5: executor life cycle */
export class ShutdownExecutor {
  constructor(private readonly parts: ShutdownExecutorParts) {}

  /**
   * A later call can only shorten the time that is left.
   *
   * @param message for the statuses of tasks that the executor leaves behind
   * @returns when the shutdown is on disk and under way. @throws CheckpointFailedError
   */
  async shutdown(executor: AgentExecutor, cause: ExecutorShutdown['cause'], message?: string): Promise<void> {
    const { ledger, clock } = this.parts;
    const { frameworkId, executorId } = executor;
    const deadlineMs = clock.nowMs() + (AT_ONCE.has(cause) ? 0 : this.graceMs(executor));
    if (executor.shutdown !== undefined && executor.shutdown.deadlineMs <= deadlineMs) return;
    const shutdown = { cause, deadlineMs, ...(message === undefined ? {} : { message }) };
    const safe = ledger.record({ kind: 'executor-shutdown', frameworkId, executorId, shutdown });
    this.parts.logger.info('executor is to end', { frameworkId, executorId, cause });
    await Promise.all([safe, this.carryOut(executor, shutdown)]);
  }

  /** How long an executor is given to end by itself. */
  graceMs({ info }: AgentExecutor): number {
    return info.shutdown_grace_period === undefined
      ? this.parts.graceMs
      : Math.max(0, toMs(info.shutdown_grace_period));
  }

  /** Goes on with a shutdown that was begun before a restart of the agent. */
  async resume(executor: AgentExecutor): Promise<void> {
    if (executor.shutdown !== undefined) await this.carryOut(executor, executor.shutdown);
  }

  private async carryOut(executor: AgentExecutor, shutdown: ExecutorShutdown): Promise<void> {
    const { links, timers, live, endTasks } = this.parts;
    live.abandon(executor);
    timers.cancel(executor.containerId, 'registration');
    if (isDefaultExecutor(executor.info) && !AT_ONCE.has(shutdown.cause)) {
      await endTasks(executor, shutdown);
      return;
    }
    links.send(executor.containerId, { type: 'SHUTDOWN' });
    this.destroyAt(executor, shutdown.deadlineMs);
  }

  private destroyAt(executor: AgentExecutor, atMs: number): void {
    const { timers, clock } = this.parts;
    if (atMs <= clock.nowMs()) this.destroy(executor);
    else timers.set(executor.containerId, 'shutdown', atMs, () => this.destroy(executor));
  }

  /** Of a container that is not there yet nothing is started any more: whoever brings it up sees that it is to end. */
  private destroy(executor: AgentExecutor): void {
    const { containerizer, live, clock, logger } = this.parts;
    const { containerId, executorId, frameworkId } = executor;
    if (live.phaseOf(containerId) !== 'running') return;
    this.parts.timers.set(containerId, 'shutdown', clock.nowMs() + DESTROY_AGAIN_MS, () => this.destroy(executor));
    containerizer.kill(containerId, 'SIGKILL').catch((error: unknown) => {
      logger.error('executor could not be killed', { frameworkId, executorId, containerId, error });
    });
  }
}
