import { buildVersion } from '@tranche/http';
import type { ServiceHost } from '@tranche/messaging';
import type { Resources } from '@tranche/resources';
import type { TimerClock } from '@tranche/telemetry';
import { composeTaskCare, type TaskCare } from './compose-task-care.js';
import { AgentCounters } from './agent-counters.js';
import type { AgentConfig } from './agent.config.js';
import type { AgentSelf } from './agent-self.js';
import type { AgentState } from './checkpoint/agent-state.js';
import type { CheckpointStore } from './checkpoint/checkpoint.port.js';
import { Ledger } from './checkpoint/ledger.js';
import { TracedCheckpoint } from './checkpoint/traced.checkpoint.js';
import { RecoverAgent } from './checkpoint/recover-agent.js';
import type { Containerizer } from './containerizer/containerizer.js';
import { ContainerizerCalls } from './containerizer/containerizer-calls.js';
import { tracedContainerizer } from './containerizer/traced.containerizer.js';
import { composeContainers } from './compose-containers.js';
import { composeImages } from './compose-images.js';
import { composeLaunching } from './compose-launching.js';
import { readBootId } from './containerizer/processes/process-identity.js';
import type { AgentFacts } from './http/agent-document.js';
import type { ExecutorParts } from './executors/compose-executors.js';
import type { RecoverExecutors } from './executors/recover-executors.js';
import { agentFlags } from './http/agent-flags.js';
import { AgentViews } from './http/agent-views.js';
import { ContainerList } from './http/container-list.js';
import { ContainerUsers } from './http/container-users.js';
import { DrainAgent } from './draining/drain-agent.js';
import type { Ids } from './ids.port.js';
import { AgentResources } from './operations/agent-resources.js';
import { ApplyOperations } from './operations/apply-operations.js';
import { BusOperationSender } from './operations/operation-sender.bus.js';
import { OperationUpdates } from './operations/operation-updates.js';
import type { AgentPaths } from './paths.js';
import type { Fetcher } from './fetcher/fetcher.js';
import type { Images } from './images/images.js';
import { AgentLifecycle } from './registration/agent-lifecycle.js';
import { AskRegistry } from './registration/ask-registry.js';
import { type AgentEquipment, describeAgent } from './registration/describe-agent.js';
import { Heartbeat } from './registration/heartbeat.js';
import { Questions } from './registration/questions.js';
import { RegisterAgent } from './registration/register-agent.js';
import { Rejoin } from './registration/rejoin.js';
import { StopAgent } from './registration/stop-agent.js';
import type { SandboxSizes } from './sandbox/gc/sandbox-sizes.js';
import { SandboxFiles } from './sandbox/sandbox-files.js';
import { isStandingAlone } from './executors/agent-executor.js';
import type { AgentTask } from './tasks/agent-task.js';
import { isTerminal } from './tasks/task-state.js';
import { Capacity } from './tasks/capacity.js';
import { KillTask } from './tasks/kill-task.js';
import { Limiter } from './tasks/limiter.js';
import { LiveContainers } from './tasks/live-containers.js';
import { ShutdownFramework } from './tasks/shutdown-framework.js';
import { BusStatusSender } from './tasks/status-sender.bus.js';
import { StatusUpdates } from './tasks/status-updates.js';
import { WatchTask } from './tasks/watch-task.js';
import type { VolumeStore } from './volumes/volume-store.port.js';

/** What an agent is made from: opened, detected and read before. */
export interface AgentIngredients {
  readonly config: AgentConfig;
  readonly host: ServiceHost;
  readonly self: AgentSelf;
  readonly paths: AgentPaths;
  readonly state: AgentState;
  readonly store: CheckpointStore;
  readonly volumes: VolumeStore;
  readonly containerizer: Containerizer;
  readonly fetcher: Fetcher;
  readonly images: Images;
  /** As configured and detected, without what operations make of it. */
  readonly total: Resources;
  readonly equipment: AgentEquipment;
  readonly counters: AgentCounters;
  readonly sizes: SandboxSizes;
  /** What was unreadable of the journal. */
  readonly findings: readonly string[];
  readonly clock: TimerClock;
  readonly ids: Ids;
  /** What happens when the registry does not want the agent any more. */
  readonly onRefused: (reason: string) => void;
}

/** The parts of an agent that messages and requests reach, and those that start and stop it. */
export type AgentParts = ReturnType<typeof composeAgent>;

const bootId = readBootId();

/** Joins the agent's parts to one another and to their adapters. Nothing happens yet. */
export function composeAgent(ingredients: AgentIngredients) {
  const containerizerCalls = new ContainerizerCalls();
  const made = watched(traced(ingredients), containerizerCalls);
  const { config, host, state, containerizer, counters } = made;
  const { bus, logger } = host;
  const lifecycle = new AgentLifecycle();
  const ledger = new Ledger(state, made.store);
  const resources = new AgentResources(made.total, state.operations.checkpointed);
  const equipment = withResources(made.equipment, resources);
  const capacity = new Capacity(resources);
  const live = new LiveContainers();
  counters.watch(state, capacity, resources);
  const { updates, killer, drain } = endingOf(made, ledger, live, () => executors);
  const operating = operationsOf(made, ledger, resources, capacity);
  const cleanups = new Limiter(config.launchConcurrency);
  const watcher = new WatchTask(containerizer, updates, killer, live, cleanups, logger);
  const care = composeTaskCare(made, { ledger, live, updates, killer });
  const watch = (task: AgentTask): void => {
    watcher.watch(task);
    care.begin(task);
  };
  const held = { ledger, updates, capacity, live, killer, drain, cleanups, lifecycle, equipment, watch, care };
  const { launcher, executors, sandboxes, options } = composeLaunching(made, held);
  const own = composeContainers(made, { ...held, ...care, sandboxes, options });
  const questions = new Questions();
  const registration = registrationOf(made, equipment, { ledger, lifecycle, updates, questions, ...operating });
  const shown = shownOf(made, equipment, care, { capacity, lifecycle, drain, containerizerCalls, live });
  return {
    counts: made.counters.counts,
    containerizerCalls,
    collector: care.collector,
    outputs: care.outputs,
    lifecycle,
    ledger,
    live,
    updates,
    resources,
    ...operating,
    drain,
    launcher,
    executors,
    cleanups,
    registration,
    frameworks: new ShutdownFramework(ledger, killer, executors.shutdowns, updates),
    recovery: new RecoverAgent(
      ...([ledger, containerizer, updates, capacity, watch] as const),
      inOrder(executors.recovery, own.recovery),
      logger,
      bootId,
    ),
    rejoin: new Rejoin(registration, questions, made.onRefused, logger),
    stopper: new StopAgent(ledger, killer, executors.shutdowns, own.ends, live, updates, bus, logger),
    ...shown,
    calls: { ...shown, ...own.calls },
  };
}

/** What the agent shows over HTTP. */
function shownOf(
  made: AgentIngredients,
  equipment: AgentEquipment,
  { collector }: TaskCare,
  parts: {
    capacity: Capacity;
    lifecycle: AgentLifecycle;
    drain: DrainAgent;
    containerizerCalls: ContainerizerCalls;
    live: LiveContainers;
  },
) {
  const { state, paths, counters, clock, fetcher, containerizer, host } = made;
  const { ended, counts } = counters;
  const sources = { state, paths, ...parts, ended, counts, clock, fetcher, collector };
  return {
    users: new ContainerUsers(state),
    files: new SandboxFiles(
      paths,
      () => state.agentId ?? '',
      (sandbox) => state.containers.at(sandbox)?.containerId,
      made.config.logFile,
    ),
    views: new AgentViews(sources, factsOf(made, equipment)),
    containers: new ContainerList(state, containerizer, parts.live, host.logger),
    ...composeImages(made),
  };
}

function factsOf({ config, self, findings }: AgentIngredients, equipment: AgentEquipment): AgentFacts {
  const { logFile } = config;
  const flags = () => agentFlags(config, self);
  return { self, equipment, findings, logFile, version: buildVersion(import.meta.url), flags };
}

/** What the agent tells of itself, with what it has now. */
const withResources = (equipment: AgentEquipment, resources: AgentResources): AgentEquipment => ({
  ...equipment,
  get resources() {
    return resources.total.toJson();
  },
  get unavailable() {
    return resources.unfit.isEmpty ? undefined : resources.unfit.toJson();
  },
});

function registrationOf(
  { config, host, self, state, clock, ids }: AgentIngredients,
  equipment: AgentEquipment,
  parts: {
    ledger: Ledger;
    lifecycle: AgentLifecycle;
    updates: StatusUpdates;
    operationUpdates: OperationUpdates;
    questions: Questions;
  },
): RegisterAgent {
  const { ledger, lifecycle, updates, operationUpdates, questions } = parts;
  const describe = () => describeAgent(self, equipment, state, operationUpdates.reports());
  const pace = { clock, ids, backoffMs: config.registrationBackoffMs };
  const { bus, logger } = host;
  // What tells of a status is not written to the broker's disk.
  bus.onRestored(() => {
    updates.repeat();
    operationUpdates.repeat();
  });
  return new RegisterAgent(
    new AskRegistry(bus, describe, pace, questions, logger),
    ledger,
    lifecycle,
    new Heartbeat(bus, clock, logger),
    both(updates, operationUpdates),
    logger,
  );
}

function operationsOf(
  { host, clock, ids, volumes }: AgentIngredients,
  ledger: Ledger,
  resources: AgentResources,
  capacity: Capacity,
): { operationUpdates: OperationUpdates; operations: ApplyOperations } {
  const { bus, logger } = host;
  const operationUpdates = new OperationUpdates(ledger, new BusOperationSender(bus, logger), clock);
  const held = () => capacity.allocated;
  const operations = new ApplyOperations(ledger, resources, volumes, operationUpdates, { held, ids, logger });
  return { operationUpdates, operations };
}

const both = (one: { resume(): void }, other: { resume(): void }): { resume(): void } => ({
  resume: () => {
    one.resume();
    other.resume();
  },
});

const inOrder = (
  first: Pick<RecoverExecutors, 'recover'>,
  second: Pick<RecoverExecutors, 'recover'>,
): Pick<RecoverExecutors, 'recover'> => ({
  recover: async (found) => {
    await first.recover(found);
    await second.recover(found);
  },
});

/** With spans of what is written and of what containers take. */
function traced(made: AgentIngredients): AgentIngredients {
  const { tracer } = made.host;
  if (!tracer.isOn) return made;
  const store = new TracedCheckpoint(made.store, made.state, tracer);
  return { ...made, store, containerizer: tracedContainerizer(made.containerizer) };
}

/** With what its containerizer does shown, and counted. */
const watched = (made: AgentIngredients, calls: ContainerizerCalls): AgentIngredients => ({
  ...made,
  containerizer: calls.watch(made.containerizer),
});

/** What tells of tasks and ends them. They know of one another: while the agent drains, a status says so. */
function endingOf(
  { containerizer, state, counters, clock, ids, self, host }: AgentIngredients,
  ledger: Ledger,
  live: LiveContainers,
  executors: () => ExecutorParts,
) {
  const { bus, logger } = host;
  const updates = new StatusUpdates(
    ...([ledger, new BusStatusSender(bus, logger), self, clock, ids] as const),
    (task, change) => drain.explain(task, change),
    (task, status) => {
      counters.observe(status);
      // What ends a command task's container ends the executor that the agent plays for it.
      if (isTerminal(task.state) && isStandingAlone(task) && task.container !== undefined)
        counters.counts.executorsEnded += 1;
      executors().observe(task, status);
    },
  );
  const killer = new KillTask(ledger, containerizer, updates, live, clock, logger);
  const kills: Pick<KillTask, 'kill'> = { kill: (...args) => executors().kills.kill(...args) };
  const drain: DrainAgent = new DrainAgent(
    ...([ledger, kills, bus, clock, () => state.isEmpty] as const),
    () => executors().endIdle(),
    logger,
  );
  return { updates, killer, drain };
}
