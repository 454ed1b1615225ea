import { authorizerOf } from '@tranche/config';
import { ownUserName } from '@tranche/http';
import type { AgentConfig } from './agent.config.js';
import type { AgentIngredients } from './compose-agent.js';
import type { TaskCare } from './compose-task-care.js';
import type { Ledger } from './checkpoint/ledger.js';
import { UserDirectory } from './containerizer/processes/user.js';
import type { DrainAgent } from './draining/drain-agent.js';
import { composeExecutors, type ExecutorParts } from './executors/compose-executors.js';
import { BusExecutorSender } from './executors/executor-sender.bus.js';
import { fetchExecutorUris } from './fetcher/fetch-executor-uris.js';
import type { AgentLifecycle } from './registration/agent-lifecycle.js';
import { type AgentEquipment, agentInfo } from './registration/describe-agent.js';
import { parseEnvironment } from './registration/equip-agent.js';
import { FileSandboxes } from './sandbox/sandboxes.fs.js';
import type { Sandboxes } from './sandbox/sandboxes.port.js';
import type { Capacity } from './tasks/capacity.js';
import type { KillTask } from './tasks/kill-task.js';
import { LaunchTask } from './tasks/launch-task.js';
import type { Limiter } from './tasks/limiter.js';
import type { LaunchConditions } from './tasks/refuse-task.js';
import type { LiveContainers } from './tasks/live-containers.js';
import { RunContainer, type RunContainerOptions, type Watch } from './tasks/run-container.js';
import type { StatusUpdates } from './tasks/status-updates.js';

/** What is there when tasks and executors are launched. */
export interface LaunchingParts {
  readonly ledger: Ledger;
  readonly updates: StatusUpdates;
  readonly capacity: Capacity;
  readonly live: LiveContainers;
  readonly killer: KillTask;
  readonly drain: DrainAgent;
  readonly cleanups: Limiter;
  readonly lifecycle: AgentLifecycle;
  readonly equipment: AgentEquipment;
  readonly watch: Watch;
  readonly care: TaskCare;
}

/** Joins what brings up tasks and executors. */
export function composeLaunching(
  made: AgentIngredients,
  held: LaunchingParts,
): {
  readonly launcher: LaunchTask;
  readonly executors: ExecutorParts;
  readonly sandboxes: Sandboxes;
  readonly options: RunContainerOptions;
} {
  const { config, host, self, state, containerizer, clock, ids, fetcher } = made;
  const { counts } = made.counters;
  const { ledger, updates, capacity, live, drain, lifecycle, equipment, watch, care } = held;
  const { launches, uris, provideImages, details } = care;
  const { bus, logger } = host;
  const { sandboxes, options } = surroundingsOf(made);
  const containers = new RunContainer(ledger, containerizer, sandboxes, updates, live, {
    ...{ self, options, watch, counts, logger },
    provideImages: async (task) => {
      const { containerId } = task;
      const { container } = task.info;
      try {
        return await provideImages({ containerId, container }, (percent, bytes) =>
          details.progress(task, 'pulling', percent, bytes),
        );
      } finally {
        details.settled(task);
      }
    },
    fetchUris: (task, container) => uris.fetch(task, container),
  });
  const conditions = {
    takesTasks: (): boolean => lifecycle.takesTasks,
    isDraining: (): boolean => drain.isDraining,
    mayRunAs: runAsOf(config),
  };
  const executors = composeExecutors({
    ...held,
    ...{ containerizer, sandboxes, containers, launches, self, options, clock, ids, logger },
    ...conditions,
    counts,
    sender: new BusExecutorSender(bus, () => state.agentId ?? '', logger),
    provideImages,
    fetchUris: fetchExecutorUris(fetcher, live, launches),
    agentInfo: () => agentInfo(self, equipment, state.agentId ?? ''),
    registrationTimeoutMs: config.executorRegistrationTimeoutMs,
    reregistrationTimeoutMs: config.executorReregistrationTimeoutMs,
    isStopping: () => lifecycle.isStopping,
  });
  const settings = { launches, ...conditions, clock, ids, logger };
  return {
    ...{ executors, sandboxes, options },
    launcher: new LaunchTask(ledger, capacity, updates, containers, executors.launcher, settings),
  };
}

/** Where tasks and executors run, and how. */
function surroundingsOf({ config, paths }: AgentIngredients): { sandboxes: Sandboxes; options: RunContainerOptions } {
  const { enforceCpuRequest, recoveryTimeoutMs, executorShutdownGracePeriodMs: shutdownGraceMs } = config;
  // Without root nobody else's process can be started: tasks then run as the agent's own user, as if it were told so.
  const switchUser = config.switchUser && process.getuid?.() === 0;
  const users = new UserDirectory();
  const executorEnvironment = parseEnvironment('AGENT_EXECUTOR_ENVIRONMENT_VARIABLES', config.executorEnvironment);
  const times = { recoveryTimeoutMs, shutdownGraceMs };
  const { workDir } = paths;
  return {
    sandboxes: new FileSandboxes(paths, switchUser ? (user) => users.resolve(user) : undefined),
    options: { enforceCpuRequest, executorEnvironment, switchUser, agentUser: ownUserName(), workDir, ...times },
  };
}

/** Whom the ACLs let run tasks as whom. */
function runAsOf(config: AgentConfig): LaunchConditions['mayRunAs'] {
  const authorizer = authorizerOf(config);
  return (principal, user) => authorizer.may(principal, 'run_tasks', user);
}
