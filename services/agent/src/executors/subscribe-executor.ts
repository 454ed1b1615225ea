import type { AgentInfo, ExecutorCallSubscribe, ExecutorEvent } from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { dropTask } from '../tasks/task-end.js';
import type { AgentExecutor } from './agent-executor.js';
import type { DeliverTasks } from './deliver-tasks.js';
import type { ExecutorLinks, ExecutorStream } from './executor-links.js';
import type { ExecutorTimers } from './executor-timers.js';
import { isUnused, type KillOnExecutor } from './kill-on-executor.js';
import type { ShutdownExecutor } from './shutdown-executor.js';
import type { TakeUpdate } from './take-update.js';

export interface SubscribeExecutorParts {
  readonly ledger: Ledger;
  readonly updates: StatusUpdates;
  readonly links: ExecutorLinks;
  readonly timers: ExecutorTimers;
  readonly deliverer: DeliverTasks;
  readonly killer: KillOnExecutor;
  readonly taker: TakeUpdate;
  readonly shutdowns: ShutdownExecutor;
  /** The agent as it tells executors of itself. */
  readonly agentInfo: () => AgentInfo;
  readonly isStopping: () => boolean;
  readonly logger: Logger;
}

const SHUTDOWN: ExecutorEvent = { type: 'SHUTDOWN' };

/** Takes an executor's subscription, the first or a later one. @source executor API §4: subscription sequence */
export class SubscribeExecutor {
  private readonly waiting: { readonly isThere: () => boolean; readonly wake: () => void }[] = [];

  constructor(private readonly parts: SubscribeExecutorParts) {}

  subscribe(executor: AgentExecutor, subscribe: ExecutorCallSubscribe, stream: ExecutorStream): void {
    const { ledger, links, timers, taker, shutdowns, logger } = this.parts;
    const { frameworkId, executorId, containerId } = executor;
    const framework = ledger.state.framework(frameworkId);
    if (this.parts.isStopping() || framework === undefined || framework.removed || executor.shutdown !== undefined) {
      stream.send(SHUTDOWN);
      stream.end();
      return;
    }
    links.connect(containerId, stream);
    timers.cancel(containerId, 'registration');
    if (executor.hasSubscribed !== true) ledger.note({ kind: 'executor-subscribed', frameworkId, executorId });
    logger.info('executor subscribed', { frameworkId, executorId, containerId });
    for (const { status } of subscribe.unacknowledged_updates ?? []) taker.take(executor, status);
    this.dropUndelivered(executor, subscribe);
    if (isUnused(ledger, executor)) {
      // A failed write ends the agent by itself.
      shutdowns.shutdown(executor, 'unused').catch(() => undefined);
      return;
    }
    stream.send(this.subscribed(executor));
    this.parts.deliverer.deliver(executor);
    this.parts.killer.repeat(executor);
    this.wakeThose();
  }

  isSubscribed({ containerId }: AgentExecutor): boolean {
    return this.parts.links.isSubscribed(containerId);
  }

  /** Settles when every one of these listens. */
  async whenSubscribed(executors: readonly AgentExecutor[]): Promise<void> {
    const isThere = (): boolean => executors.every(({ containerId }) => this.parts.links.isSubscribed(containerId));
    if (!isThere()) await new Promise<void>((wake) => this.waiting.push({ isThere, wake }));
  }

  /** Tasks that were on their way when agent or connection broke off, and that the executor has not got. */
  private dropUndelivered(executor: AgentExecutor, subscribe: ExecutorCallSubscribe): void {
    const { ledger, updates } = this.parts;
    const framework = ledger.state.framework(executor.frameworkId);
    if (framework === undefined) return;
    const received = new Set([
      ...(subscribe.unacknowledged_tasks ?? []).map(({ task_id }) => task_id.value),
      ...(subscribe.unacknowledged_updates ?? []).map(({ status }) => status.task_id.value),
    ]);
    for (const task of ledger.state.tasksOf(executor)) {
      if (task.state !== 'TASK_STAGING' || task.isDelivered !== true || received.has(task.taskId)) continue;
      const drop = dropTask(framework.info, 'REASON_AGENT_RESTARTED', 'Task launched during agent restart');
      // A failed write ends the agent by itself.
      updates.report(task, drop).catch(() => undefined);
    }
  }

  private subscribed(executor: AgentExecutor): ExecutorEvent {
    const { frameworkId, containerId, info } = executor;
    const framework = this.parts.ledger.state.framework(frameworkId);
    if (framework === undefined) throw new Error(`executor ${executor.executorId} has no framework`);
    return {
      type: 'SUBSCRIBED',
      subscribed: {
        executor_info: info,
        framework_info: { ...framework.info, id: { value: frameworkId } },
        agent_info: this.parts.agentInfo(),
        container_id: { value: containerId },
      },
    };
  }

  private wakeThose(): void {
    for (const waiter of this.waiting.splice(0)) {
      if (waiter.isThere()) waiter.wake();
      else this.waiting.push(waiter);
    }
  }
}
