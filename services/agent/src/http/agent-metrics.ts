import type { MachineLoad } from '@tranche/http';
import type { TaskState } from '@tranche/mesos-api';
import type { Resources } from '@tranche/resources';
import type { AgentCounts } from '../agent-counts.js';
import type { AgentState } from '../checkpoint/agent-state.js';
import { type AgentExecutor, isDefaultExecutor, isStandingAlone } from '../executors/agent-executor.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { Fetcher } from '../fetcher/fetcher.js';
import type { CollectSandboxes } from '../sandbox/gc/collect-sandboxes.js';
import { isTerminal } from '../tasks/task-state.js';

export interface MetricsInput {
  readonly state: AgentState;
  readonly total: Resources;
  readonly allocated: Resources;
  /** Tasks that have ended since the agent's start, by their last state. */
  readonly ended: ReadonlyMap<TaskState, number>;
  readonly counts: AgentCounts;
  /** Containers that could not be removed. */
  readonly destroyErrors: number;
  readonly fetcher: Pick<Fetcher, 'counts' | 'cache'>;
  readonly collector: Pick<CollectSandboxes, 'counts' | 'maxAgeMs'>;
  readonly isRegistered: boolean;
  /** What was unreadable at the agent's start. */
  readonly recoveryErrors: number;
  readonly uptimeMs: number;
  readonly machine: MachineLoad;
}

const RESOURCES = ['cpus', 'gpus', 'mem', 'disk'] as const;
const LIVE_STATES = ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'] as const;
const END_STATES = ['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_LOST', 'TASK_GONE'] as const;

const metricOf = (state: string): string => `slave/tasks_${state.slice('TASK_'.length).toLowerCase()}`;

/** The agent's numbers under Mesos' names, for exporters written for it. @source agent endpoints: metrics that dashboards use */
export function agentMetrics(input: MetricsInput): Record<string, number> {
  const tasks = [...input.state.tasks()];
  const live = tasks.filter(({ state }) => !isTerminal(state));
  return {
    'slave/registered': input.isRegistered ? 1 : 0,
    'slave/recovery_errors': input.recoveryErrors,
    ...countMetrics(input),
    'slave/uptime_secs': input.uptimeMs / 1000,
    'slave/frameworks_active': new Set(live.map(({ frameworkId }) => frameworkId)).size,
    ...executorMetrics(input.state, live),
    ...Object.fromEntries(
      LIVE_STATES.map((state) => [metricOf(state), tasks.filter((task) => task.state === state).length]),
    ),
    ...Object.fromEntries(END_STATES.map((state) => [metricOf(state), input.ended.get(state) ?? 0])),
    ...resourceMetrics(input),
    ...maxAgeMetric(input),
    'gc/path_removals_succeeded': input.collector.counts.succeeded,
    'gc/path_removals_failed': input.collector.counts.failed,
    'gc/path_removals_pending': input.collector.counts.pending,
    'containerizer/fetcher/task_fetches_succeeded': input.fetcher.counts.succeeded,
    'containerizer/fetcher/task_fetches_failed': input.fetcher.counts.failed,
    'containerizer/fetcher/cache_size_total_bytes': input.fetcher.cache.capacityBytes,
    'containerizer/fetcher/cache_size_used_bytes': input.fetcher.cache.usedBytes,
    'system/cpus_total': input.machine.cpus,
    'system/load_1min': input.machine.load[0],
    'system/load_5min': input.machine.load[1],
    'system/load_15min': input.machine.load[2],
    'system/mem_total_bytes': input.machine.memTotalBytes,
    'system/mem_free_bytes': input.machine.memFreeBytes,
  };
}

function countMetrics({ counts, destroyErrors }: MetricsInput): Record<string, number> {
  return {
    ...(counts.recoveryMs === undefined ? {} : { 'slave/recovery_time_secs': counts.recoveryMs / 1000 }),
    'slave/valid_status_updates': counts.validStatusUpdates,
    'slave/invalid_status_updates': counts.invalidStatusUpdates,
    'slave/valid_framework_messages': counts.validFrameworkMessages,
    'slave/invalid_framework_messages': counts.invalidFrameworkMessages,
    'slave/container_launch_errors': counts.launchErrors,
    'slave/executors_terminated': counts.executorsEnded,
    'containerizer/mesos/container_destroy_errors': destroyErrors,
  };
}

/** As it was when the disk was last looked at. */
const maxAgeMetric = ({ collector: { maxAgeMs } }: MetricsInput): Record<string, number> =>
  maxAgeMs === undefined ? {} : { 'slave/executor_directory_max_allowed_age_secs': maxAgeMs / 1000 };

/** Command tasks count for the executors that the agent plays for them. */
function executorMetrics(state: AgentState, live: readonly AgentTask[]): Record<string, number> {
  const alone = live.filter(isStandingAlone);
  const executors = [...state.executors()];
  const isUp = (executor: AgentExecutor): boolean =>
    executor.hasSubscribed === true || (isDefaultExecutor(executor.info) && executor.container !== undefined);
  const going = executors.filter(({ shutdown }) => shutdown !== undefined).length;
  const up = executors.filter((executor) => executor.shutdown === undefined && isUp(executor)).length;
  const queued = alone.filter((task) => task.state === 'TASK_STAGING').length;
  return {
    'slave/executors_running': alone.length - queued + up,
    'slave/executors_registering': queued + executors.length - up - going,
    'slave/executors_terminating': going,
    // Nothing takes resources from executors here.
    'slave/executors_preempted': 0,
  };
}

function resourceMetrics({ total, allocated }: MetricsInput): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const name of RESOURCES) {
    const [have, used] = [total, allocated].map((all) => all.nonRevocable().scalarMilli(name)) as [number, number];
    const [haveRevocable, usedRevocable] = [total, allocated].map((all) => all.revocable().scalarMilli(name)) as [
      number,
      number,
    ];
    metrics[`slave/${name}_total`] = have / 1000;
    metrics[`slave/${name}_used`] = used / 1000;
    metrics[`slave/${name}_percent`] = have === 0 ? 0 : used / have;
    metrics[`slave/${name}_revocable_total`] = haveRevocable / 1000;
    metrics[`slave/${name}_revocable_used`] = usedRevocable / 1000;
    metrics[`slave/${name}_revocable_percent`] = haveRevocable === 0 ? 0 : usedRevocable / haveRevocable;
  }
  return metrics;
}
