import type { AgentInfo, TaskStatus } from '@tranche/mesos-api';
import type { Logger, TimerClock } from '@tranche/telemetry';
import type { AgentCounts } from '../agent-counts.js';
import type { AgentSelf } from '../agent-self.js';
import type { Ledger } from '../checkpoint/ledger.js';
import type { ContainerConfig } from '../containerizer/container.js';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { Ids } from '../ids.port.js';
import type { ProvideImages } from '../images/provide-images.js';
import { PlayExecutor } from '../pods/play-executor.js';
import { RunGroup } from '../pods/run-group.js';
import type { Sandboxes } from '../sandbox/sandboxes.port.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { Capacity } from '../tasks/capacity.js';
import type { KillTask } from '../tasks/kill-task.js';
import { Kills } from './kills.js';
import type { Limiter } from '../tasks/limiter.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { LaunchConditions } from '../tasks/refuse-task.js';
import type { RunContainer, RunContainerOptions } from '../tasks/run-container.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { isTerminal } from '../tasks/task-state.js';
import { type AgentExecutor, isDefaultExecutor } from './agent-executor.js';
import { DeliverTasks } from './deliver-tasks.js';
import { EndExecutor } from './end-executor.js';
import { ExecutorLinks } from './executor-links.js';
import { ExecutorMessages } from './executor-messages.js';
import type { ExecutorSender } from './executor-sender.port.js';
import { ExecutorTimers } from './executor-timers.js';
import { ExecutorTurns } from './executor-turns.js';
import { KillOnExecutor } from './kill-on-executor.js';
import { LaunchOnExecutor } from './launch-on-executor.js';
import { RecoverExecutors } from './recover-executors.js';
import { ResizeExecutor } from './container/resize-executor.js';
import { RunExecutor } from './container/run-executor.js';
import { ShutdownExecutor } from './shutdown-executor.js';
import { SubscribeExecutor } from './subscribe-executor.js';
import { TakeUpdate } from './take-update.js';

/** What executors are run with. */
export interface ExecutorIngredients {
  readonly ledger: Ledger;
  readonly containerizer: Containerizer;
  readonly sandboxes: Sandboxes;
  readonly updates: StatusUpdates;
  readonly capacity: Capacity;
  readonly live: LiveContainers;
  readonly killer: KillTask;
  readonly containers: RunContainer;
  readonly sender: ExecutorSender;
  readonly provideImages: ProvideImages;
  readonly fetchUris: (executor: AgentExecutor, config: ContainerConfig) => Promise<void>;
  readonly launches: Limiter;
  readonly cleanups: Limiter;
  readonly self: AgentSelf;
  readonly agentInfo: () => AgentInfo;
  readonly options: RunContainerOptions;
  readonly registrationTimeoutMs: number;
  readonly reregistrationTimeoutMs: number;
  readonly takesTasks: () => boolean;
  readonly isDraining: () => boolean;
  readonly mayRunAs: LaunchConditions['mayRunAs'];
  readonly isStopping: () => boolean;
  readonly counts: AgentCounts;
  readonly clock: TimerClock;
  readonly ids: Ids;
  readonly logger: Logger;
}

/** The parts that run executors and task groups. */
export type ExecutorParts = ReturnType<typeof composeExecutors>;

/** Joins the parts that run executors and task groups to one another. Nothing happens yet. */
export function composeExecutors(made: ExecutorIngredients) {
  const { ledger, updates, live, clock, logger, options, killer } = made;
  const links = new ExecutorLinks();
  const turns = new ExecutorTurns();
  const timers = new ExecutorTimers(clock);
  const resize = new ResizeExecutor(ledger, made.containerizer, live, options);
  const end = new EndExecutor({ ...made, links, timers });
  const group = new RunGroup(made.containers, made.launches);
  const player = new PlayExecutor({ ledger, killer, live, resize, end, group, clock, logger });
  const shutdowns = new ShutdownExecutor({
    ...made,
    ...{ links, timers, graceMs: options.shutdownGraceMs },
    endTasks: (executor, shutdown) => player.endTasks(executor, shutdown),
  });
  const deliverer = new DeliverTasks(ledger, links, turns, resize, shutdowns, logger);
  const onExecutor = new KillOnExecutor(ledger, updates, links, turns, shutdowns, clock, logger);
  const taker = new TakeUpdate({ ...made, links, turns, resize });
  const parts = { links, timers, deliverer, killer: onExecutor, taker, shutdowns };
  const subscriptions = new SubscribeExecutor({ ...made, ...parts });
  const begin = (executor: AgentExecutor): void => player.proceed(executor);
  const runner = new RunExecutor({ ...made, timers, resize, end, shutdowns, begin });
  const launcher = new LaunchOnExecutor({
    ...made,
    run: (executor) => runner.run(executor),
    proceed: (executor) => (isDefaultExecutor(executor.info) ? player.proceed(executor) : deliverer.deliver(executor)),
  });
  return {
    ...{ links, taker, subscriptions, shutdowns, launcher },
    messages: new ExecutorMessages(ledger, links, made.sender, made.counts),
    kills: new Kills(killer, onExecutor, player),
    recovery: new RecoverExecutors({ ...made, end, runner, shutdowns, subscriptions, player }),
    /** Begins the end of every executor that has no task, while the agent is being emptied. */
    endIdle: (): void => {
      for (const executor of ledger.state.executors()) {
        const isIdle = ledger.state.tasksOf(executor).every(({ state }) => isTerminal(state));
        // A failed write ends the agent by itself.
        if (isIdle) shutdowns.shutdown(executor, 'draining').catch(() => undefined);
      }
    },
    /** To be told of every status that a task gets. */
    observe: (task: AgentTask, status: TaskStatus): void => {
      if (isTerminal(status.state)) player.ended(task);
    },
  };
}
