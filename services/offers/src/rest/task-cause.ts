import type { TaskRecord } from '@tranche/contracts';
import { doubleToNumber, type TaskStatus, type TaskStatusReason } from '@tranche/mesos-api';
import type { TaskDetail } from '../tasks/task.js';
import { exitStatusOf } from './exit-status.js';

/** @source `HealthCheck.consecutive_failures` */
const DEFAULT_FAILURES = 3;

/**
 * Why a task is not simply running, in a word or two for a column: `exit 1`, `OOM 32 MiB`, `fetching 61%`, `unhealthy 3/3`.
 *
 * @returns undefined for a task that runs and is not known to be unhealthy
 */
export function causeOf(record: TaskRecord, progress?: TaskDetail['progress']): string | undefined {
  const status = record.statuses.at(-1);
  switch (record.state) {
    case 'TASK_RUNNING':
      return status?.healthy === false ? unhealthyCause(record) : undefined;
    case 'TASK_STAGING':
      return progressText(progress) ?? 'staging';
    case 'TASK_STARTING':
      return progressText(progress) ?? 'starting';
    case 'TASK_KILLING':
      return 'being killed';
    case 'TASK_FINISHED':
      return (status && exitText(status)) ?? 'finished';
    case 'TASK_KILLED':
      return killedCause(record, status);
    case 'TASK_FAILED':
      return (status && failedCause(record, status)) ?? 'failed';
    case 'TASK_ERROR':
      return 'refused';
    default:
      return lostCause(status?.reason) ?? 'lost';
  }
}

/** How many of the failures that a task may have in a row it has had. */
function unhealthyCause({ failedChecks, info }: TaskRecord): string {
  const allowed = info.health_check?.consecutive_failures ?? DEFAULT_FAILURES;
  return failedChecks === undefined ? 'unhealthy' : `unhealthy ${failedChecks}/${allowed}`;
}

const progressText = (progress: TaskDetail['progress']): string | undefined =>
  progress && (progress.percent === undefined ? progress.step : `${progress.step} ${progress.percent}%`);

function killedCause(record: TaskRecord, status: TaskStatus | undefined): string {
  switch (status?.reason) {
    case 'REASON_FRAMEWORK_REMOVED':
      return 'framework removed';
    case 'REASON_AGENT_DRAINING':
      return 'killed by agent drain';
    case 'REASON_TASK_KILLED_DURING_LAUNCH':
      return 'killed during launch';
    default:
      return status?.healthy === false ? unhealthyCause(record) : 'killed';
  }
}

function failedCause(record: TaskRecord, status: TaskStatus): string | undefined {
  switch (status.reason) {
    case 'REASON_CONTAINER_LIMITATION_MEMORY':
      return `OOM${limitText(record, 'mem')}`;
    case 'REASON_CONTAINER_LIMITATION_DISK':
      return `disk full${limitText(record, 'disk')}`;
    case 'REASON_MAX_COMPLETION_TIME_REACHED':
      return 'time limit';
    case 'REASON_CONTAINER_LAUNCH_FAILED':
      return 'launch failed';
    case 'REASON_EXECUTOR_REGISTRATION_TIMEOUT':
      return 'executor did not register';
    default:
      return exitText(status) ?? (status.reason === 'REASON_EXECUTOR_TERMINATED' ? 'executor ended' : undefined);
  }
}

function lostCause(reason: TaskStatusReason | undefined): string | undefined {
  switch (reason) {
    case 'REASON_AGENT_REMOVED':
    case 'REASON_AGENT_REMOVED_BY_OPERATOR':
      return 'agent lost';
    case 'REASON_AGENT_DISCONNECTED':
      return 'agent disconnected';
    case 'REASON_AGENT_RESTARTED':
      return 'agent restarted';
    case 'REASON_AGENT_DRAINING':
      return 'agent draining';
    case 'REASON_INVALID_OFFERS':
      return 'offer gone';
    case 'REASON_RECONCILIATION':
      return 'unknown to its agent';
    default:
      return undefined;
  }
}

function exitText(status: TaskStatus): string | undefined {
  const exit = exitStatusOf(status);
  if (exit === undefined) return undefined;
  return 'exitCode' in exit ? `exit ${exit.exitCode}` : `signal ${exit.signal}`;
}

/** The limit that was hit: the task's own, else what it asked for. */
function limitText({ info }: TaskRecord, name: 'mem' | 'disk'): string {
  const limit = doubleToNumber(info.limits?.[name]?.value ?? Number.NaN);
  let mib = 0;
  for (const resource of info.resources ?? []) {
    if (resource.name === name) mib += doubleToNumber(resource.scalar?.value ?? 0);
  }
  if (Number.isFinite(limit)) mib = limit;
  return mib > 0 ? ` ${mib} MiB` : '';
}
