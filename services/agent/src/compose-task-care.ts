import type { AgentState } from './checkpoint/agent-state.js';
import type { Ledger } from './checkpoint/ledger.js';
import { ContainerProbe } from './checks/container.probe.js';
import { RunChecks } from './checks/run-checks.js';
import { TaskChecks } from './checks/task-checks.js';
import type { AgentIngredients } from './compose-agent.js';
import { FetchTaskUris } from './fetcher/fetch-task-uris.js';
import type { KillTask } from './tasks/kill-task.js';
import { Limiter } from './tasks/limiter.js';
import type { LiveContainers } from './tasks/live-containers.js';
import type { StatusUpdates } from './tasks/status-updates.js';
import { isTerminal } from './tasks/task-state.js';
import { TaskDetails } from './tasks/task-details.js';
import { sendDetailBy } from './tasks/task-details.bus.js';

/** What accompanies tasks: what they need before they run, and what is told of them beside their statuses. */
export interface TaskCare {
  readonly launches: Limiter;
  readonly details: TaskDetails;
  readonly uris: FetchTaskUris;
  readonly checks: TaskChecks;
}

/** What of the agent it is joined to. */
interface TaskParts {
  readonly ledger: Ledger;
  readonly live: LiveContainers;
  readonly updates: StatusUpdates;
  readonly killer: KillTask;
}

export function composeTaskCare(
  { config, host, state, clock, fetcher, containerizer }: AgentIngredients,
  { ledger, live, updates, killer }: TaskParts,
): TaskCare {
  const launches = new Limiter(config.launchConcurrency);
  const details = new TaskDetails(() => state.agentId ?? '', clock, sendDetailBy(host.bus, host.logger));
  const probe = new ContainerProbe(containerizer, (containerId) => pidOf(state, containerId));
  const checks = new RunChecks(probe, clock, host.logger);
  return {
    launches,
    details,
    uris: new FetchTaskUris(fetcher, live, launches, details),
    checks: new TaskChecks(checks, ledger, updates, killer, live),
  };
}

/** First process of a living container. */
function pidOf(state: AgentState, containerId: string): number | undefined {
  for (const { container, state: now } of state.tasks()) {
    if (container?.id === containerId && !isTerminal(now)) return container.pid;
  }
  return undefined;
}
