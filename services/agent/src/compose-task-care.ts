import { statSync } from 'node:fs';
import type { AgentState } from './checkpoint/agent-state.js';
import type { Ledger } from './checkpoint/ledger.js';
import { ContainerProbe } from './checks/container.probe.js';
import { RunChecks } from './checks/run-checks.js';
import { TaskChecks } from './checks/task-checks.js';
import type { AgentIngredients } from './compose-agent.js';
import { FetchTaskUris } from './fetcher/fetch-task-uris.js';
import { type ProvideImages, provideImages } from './images/provide-images.js';
import type { SandboxOf } from './paths.js';
import { AgentRunBook } from './sandbox/gc/agent-run-book.js';
import { CollectSandboxes } from './sandbox/gc/collect-sandboxes.js';
import { OutputTimes } from './sandbox/output-times.js';
import { FileSandboxRuns } from './sandbox/gc/sandbox-runs.fs.js';
import type { AgentTask } from './tasks/agent-task.js';
import type { KillTask } from './tasks/kill-task.js';
import { Limiter } from './tasks/limiter.js';
import type { LiveContainers } from './tasks/live-containers.js';
import type { StatusUpdates } from './tasks/status-updates.js';
import { isTerminal } from './tasks/task-state.js';
import { TaskDetails } from './tasks/details/task-details.js';
import { sendDetailBy } from './tasks/details/task-details.bus.js';

/** What accompanies tasks: what they need before they run, and what is told of them beside their statuses. */
export interface TaskCare {
  readonly launches: Limiter;
  readonly details: TaskDetails;
  readonly uris: FetchTaskUris;
  readonly provideImages: ProvideImages;
  readonly checks: TaskChecks;
  readonly collector: CollectSandboxes;
  readonly outputs: OutputTimes;
  /** A task runs, or was found again. */
  begin(task: AgentTask): void;
}

/** What of the agent it is joined to. */
interface TaskParts {
  readonly ledger: Ledger;
  readonly live: LiveContainers;
  readonly updates: StatusUpdates;
  readonly killer: KillTask;
}

export function composeTaskCare(made: AgentIngredients, { ledger, live, updates, killer }: TaskParts): TaskCare {
  const { config, host, state, clock, fetcher, containerizer } = made;
  const launches = new Limiter(config.launchConcurrency);
  const details = new TaskDetails(() => state.agentId ?? '', clock, sendDetailBy(host.bus, host.logger));
  const probe = new ContainerProbe(containerizer, (containerId) => pidOf(state, containerId));
  const checks = new TaskChecks(new RunChecks(probe, clock, host.logger), ledger, updates, killer, live);
  const collector = collectorOf(made, details);
  const outputs = new OutputTimes(sizeOf, clock);
  return {
    launches,
    details,
    uris: new FetchTaskUris(fetcher, live, launches, details),
    provideImages: provideImages({ images: made.images, containerizer, live, launches, logger: host.logger }),
    checks,
    collector,
    outputs,
    begin(task) {
      checks.begin(task);
      for (const sandbox of sandboxesOf(made, task)) {
        outputs.watch(sandbox);
        void live.whenEnded(task.containerId).then(() => outputs.ended(sandbox));
      }
      void live.whenEnded(task.containerId).then(() => collector.ended(runOf(state, task)));
    },
  };
}

/** First process of a living container. */
function pidOf(state: AgentState, containerId: string): number | undefined {
  for (const { container, state: now } of state.tasks()) {
    if (container?.id === containerId && !isTerminal(now)) return container.pid;
  }
  return undefined;
}

function collectorOf(
  { config, host, state, clock, paths, sizes, counters }: AgentIngredients,
  details: TaskDetails,
): CollectSandboxes {
  const { gcDelayMs, gcDiskHeadroomPercent, diskWatchIntervalMs } = config;
  const options = { delayMs: gcDelayMs, headroom: gcDiskHeadroomPercent / 100, intervalMs: diskWatchIntervalMs };
  const book = new AgentRunBook(state, details);
  counters.watchSandboxes(sizes);
  return new CollectSandboxes(new FileSandboxRuns(paths), book, options, clock, host.logger, sizes);
}

/** Where a task's output may be: its own sandbox, which is within its executor's if it has one, or the executor's. */
function sandboxesOf({ state, paths }: AgentIngredients, task: AgentTask): string[] {
  const run = runOf(state, task);
  const isOwn = run.containerId === task.containerId;
  return [paths.sandbox(run), ...(isOwn ? [] : [paths.nestedSandbox({ ...run, nestedId: task.containerId })])];
}

function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size;
  } catch {
    return undefined;
  }
}

/** The run whose sandbox a task has, or has a part of. */
const runOf = (
  state: AgentState,
  { frameworkId, taskId, executorId = taskId, containerId, executorContainerId = containerId }: AgentTask,
): SandboxOf => ({ agentId: state.agentId ?? '', frameworkId, executorId, containerId: executorContainerId });
