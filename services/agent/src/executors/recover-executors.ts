import type { Logger, TimerClock } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { ContainerTermination, RecoveredContainer } from '../containerizer/containerizer.js';
import type { PlayExecutor } from '../pods/play-executor.js';
import type { Capacity } from '../tasks/capacity.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { dropTask } from '../tasks/task-end.js';
import { isTerminal } from '../tasks/task-state.js';
import { type AgentExecutor, isDefaultExecutor, isRunByExecutor } from './agent-executor.js';
import { durationText } from './container/duration-text.js';
import type { EndExecutor } from './end-executor.js';
import type { RunExecutor } from './container/run-executor.js';
import type { ShutdownExecutor } from './shutdown-executor.js';
import type { SubscribeExecutor } from './subscribe-executor.js';

export interface RecoverExecutorsParts {
  readonly ledger: Ledger;
  readonly capacity: Capacity;
  readonly updates: StatusUpdates;
  readonly end: EndExecutor;
  readonly runner: RunExecutor;
  readonly shutdowns: ShutdownExecutor;
  readonly subscriptions: SubscribeExecutor;
  readonly player: PlayExecutor;
  readonly reregistrationTimeoutMs: number;
  readonly clock: TimerClock;
  readonly logger: Logger;
}

/**
 * `reading`: which executors there are is not known yet · `awaiting`: those of before may subscribe again · `over`: all that came back
 * are known.
 */
export type ExecutorRecoveryPhase = 'reading' | 'awaiting' | 'over';

/**
 * Takes up the executors of an agent before this one.
 *
 * Those of frameworks that checkpoint subscribe again by themselves, and are destroyed if they do not in time; those of other frameworks
 * are destroyed. Executors that the agent plays go on at once, whatever their frameworks say: nobody was ever gone from them.
 *
 * @source Mesos 1.11 behaviour: agent recovery
 */
export class RecoverExecutors {
  private current: ExecutorRecoveryPhase = 'reading';
  private expected: readonly AgentExecutor[] = [];

  constructor(private readonly parts: RecoverExecutorsParts) {}

  get phase(): ExecutorRecoveryPhase {
    return this.current;
  }

  /**
   * Call once, after the tasks in containers of their own are taken up.
   *
   * @param found what the containerizer knows of the executors' containers
   * @throws CheckpointFailedError
   */
  async recover(found: ReadonlyMap<string, RecoveredContainer>): Promise<void> {
    const executors = [...this.parts.ledger.state.executors()];
    const returning = await Promise.all(
      executors.map(async (executor) => ((await this.takeUp(executor, found)) ? [executor] : [])),
    );
    this.expected = returning.flat();
    this.current = 'awaiting';
  }

  /** @returns when all that can come back are back, or their time is over: those that are not are being destroyed then */
  async awaitReturn(): Promise<void> {
    const { clock, subscriptions, reregistrationTimeoutMs, shutdowns, ledger } = this.parts;
    const waited = Promise.withResolvers<void>();
    const cancel = clock.after(reregistrationTimeoutMs, () => waited.resolve());
    await Promise.race([waited.promise, subscriptions.whenSubscribed(this.expected)]);
    cancel();
    const message = `Executor did not reregister within ${durationText(reregistrationTimeoutMs)}`;
    const missing = this.expected.filter((executor) => !subscriptions.isSubscribed(executor));
    for (const executor of missing) {
      if (ledger.state.executor(executor.frameworkId, executor.executorId) !== executor) continue;
      await shutdowns.shutdown(executor, 'not-reregistered', message);
    }
    this.current = 'over';
  }

  /** @returns whether it is expected to subscribe again */
  private async takeUp(executor: AgentExecutor, found: ReadonlyMap<string, RecoveredContainer>): Promise<boolean> {
    const { ledger, capacity, end, logger } = this.parts;
    const { frameworkId, executorId, containerId } = executor;
    capacity.holdExecutor(executor, () => ledger.state.executor(frameworkId, executorId)?.containerId !== containerId);
    for (const task of ledger.state.tasksOf(executor)) {
      if (isRunByExecutor(task) && !isTerminal(task.state)) capacity.hold(task);
    }
    const container = found.get(containerId);
    logger.info('executor of before', {
      frameworkId,
      executorId,
      containerId,
      state: container?.state ?? 'not launched',
    });
    // One that waits to be started would wait for ever: what comes before its start may not have been finished.
    const wasStarted =
      executor.hasSubscribed === true || container?.state !== 'running' || container.isBlocked !== true;
    if (executor.container === undefined || !wasStarted) {
      await this.dropTasks(executor);
      await end.settle(executor, {});
      return false;
    }
    if (container?.state !== 'running') {
      await end.settle(executor, terminationOf(executor, container));
      return false;
    }
    end.watch(executor);
    return this.goOn(executor);
  }

  private async goOn(executor: AgentExecutor): Promise<boolean> {
    const { ledger, shutdowns, runner, player } = this.parts;
    if (executor.shutdown !== undefined) {
      await shutdowns.resume(executor);
      return false;
    }
    if (isDefaultExecutor(executor.info)) {
      await player.endIfIdle(executor);
      return false;
    }
    if (ledger.state.framework(executor.frameworkId)?.info.checkpoint !== true) {
      await shutdowns.shutdown(executor, 'not-checkpointed', 'Executor ended: its framework does not checkpoint');
      return false;
    }
    // One that has never subscribed is not waited for: it was perhaps only just starting.
    if (executor.hasSubscribed !== true) runner.awaitSubscription(executor);
    return executor.hasSubscribed === true;
  }

  private async dropTasks(executor: AgentExecutor): Promise<void> {
    const { ledger, updates } = this.parts;
    const framework = ledger.state.framework(executor.frameworkId);
    if (framework === undefined) return;
    const drop = dropTask(framework.info, 'REASON_AGENT_RESTARTED', 'Task launched during agent restart');
    const tasks = ledger.state.tasksOf(executor).filter(({ state }) => !isTerminal(state));
    await Promise.all(tasks.map((task) => updates.report(task, drop)));
  }
}

/** One that the agent plays and has ended itself has ended well, whatever is left of its container. */
function terminationOf({ shutdown }: AgentExecutor, found: RecoveredContainer | undefined): ContainerTermination {
  if (shutdown?.cause === 'idle') return { waitStatus: 0 };
  return found?.state === 'ended' ? found.termination : {};
}
