import type { CheckInfo, CheckStatusInfo, HealthCheck, TaskStatus } from '@tranche/mesos-api';
import type { Logger, TimerClock } from '@tranche/telemetry';
import { checkPlanOf, healthPlanOf } from './check-plan.js';
import { type HealthState, judgeHealth } from './health-state.js';
import { checkStatusOf, isHealthy, isSameCheckStatus } from './judge-result.js';
import type { Probe, ProbeResult } from './probe.port.js';
import { repeatProbe } from './repeat-probe.js';

/** A running task with checks: of a command, of a group. What the agent plays the executor of. */
export interface CheckedTask {
  readonly taskId: string;
  readonly containerId: string;
  readonly healthCheck?: HealthCheck;
  readonly check?: CheckInfo;
  /** When it began to run, milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** What is known of its health: after a restart of the agent, what was told before it. */
  readonly health: HealthState;
  readonly checkStatus?: CheckStatusInfo;
  /** Its results are wanted: it runs, and nobody has begun to end it. */
  readonly isWatched: () => boolean;
  /** Makes a TASK_RUNNING update known. */
  readonly report: (change: CheckUpdate) => void;
  /** Ends the task because it is unhealthy. */
  readonly kill: () => void;
  /** Fires when it has ended. */
  readonly signal: AbortSignal;
}

/** What an update about a check says. */
export type CheckUpdate = Pick<TaskStatus, 'reason' | 'healthy' | 'check_status'>;

/**
 * Runs the check and the health check of tasks from when they run to their end.
 *
 * A check is told when its result changes and changes nothing. A health check ends its task after so many failures. Both pause for good
 * when somebody ends the task: what it then answers is no sign of anything.
 */
export class RunChecks {
  constructor(
    private readonly probe: Probe,
    private readonly clock: TimerClock,
    private readonly logger: Logger,
  ) {}

  /** Returns at once. */
  begin(task: CheckedTask): void {
    if (task.healthCheck !== undefined) this.watchHealth(task, task.healthCheck);
    if (task.check !== undefined) this.watchCheck(task, task.check);
  }

  private watchHealth(task: CheckedTask, healthCheck: HealthCheck): void {
    const plan = healthPlanOf(healthCheck);
    let state = task.health;
    const onResult = (result: ProbeResult): void => {
      const verdict = judgeHealth(state, isHealthy(result), this.clock.nowMs() - task.startedAtMs, plan);
      state = verdict.state;
      if (verdict.tell === undefined) return;
      const { taskId, containerId } = task;
      if (!verdict.tell) {
        const failures = `${state.failures}/${plan.maxFailures}`;
        this.logger.info('health check failed', { taskId, containerId, failures, result });
      }
      task.report({ reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED', healthy: verdict.tell });
      if (verdict.isFinal) task.kill();
    };
    this.repeat(task, plan, onResult);
  }

  private watchCheck(task: CheckedTask, check: CheckInfo): void {
    let last = task.checkStatus;
    const onResult = (result: ProbeResult): void => {
      const status = checkStatusOf(result);
      if (isSameCheckStatus(last, status)) return;
      last = status;
      task.report({ reason: 'REASON_TASK_CHECK_STATUS_UPDATED', check_status: status });
    };
    this.repeat(task, checkPlanOf(check), onResult);
  }

  private repeat(
    task: CheckedTask,
    plan: ReturnType<typeof checkPlanOf>,
    onResult: (result: ProbeResult) => void,
  ): void {
    const stop = new AbortController();
    const { containerId, startedAtMs, isWatched } = task;
    task.signal.addEventListener('abort', () => stop.abort(), { once: true });
    if (task.signal.aborted) return;
    const take = (result: ProbeResult): void => {
      if (isWatched()) onResult(result);
      if (!isWatched()) stop.abort();
    };
    repeatProbe({ containerId, plan, startedAtMs, onResult: take, signal: stop.signal }, this.probe, this.clock);
  }
}
