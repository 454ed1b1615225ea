import type { Ledger } from '../checkpoint/ledger.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { KillTask } from '../tasks/kill-task.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import type { RunChecks } from './run-checks.js';

/** The checks of command tasks, from when they run, or are found again, to the end of their containers. */
export class TaskChecks {
  constructor(
    private readonly checks: RunChecks,
    private readonly ledger: Ledger,
    private readonly updates: StatusUpdates,
    private readonly killer: KillTask,
    private readonly live: LiveContainers,
  ) {}

  /** Returns at once. */
  begin(task: AgentTask): void {
    const { health_check: healthCheck, check } = task.info;
    if (healthCheck === undefined && check === undefined) return;
    const ended = new AbortController();
    void this.live.whenEnded(task.containerId).then(() => ended.abort());
    const { frameworkId, taskId, containerId } = task;
    const current = (): AgentTask | undefined => this.ledger.state.task(frameworkId, taskId);
    const last = task.statuses.at(-1);
    this.checks.begin({
      taskId,
      containerId,
      ...(healthCheck === undefined ? {} : { healthCheck }),
      ...(check === undefined ? {} : { check }),
      startedAtMs: task.runningAtMs ?? task.launchedAtMs,
      health: {
        ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
        failures: task.failedChecks ?? 0,
      },
      ...(last?.check_status === undefined ? {} : { checkStatus: last.check_status }),
      isWatched: () => current()?.state === 'TASK_RUNNING' && current()?.kill === undefined,
      // A failed write ends the agent by itself.
      report: (change) =>
        void this.updates
          .report(task, { state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR', ...change })
          .catch(() => undefined),
      kill: () => void this.killer.kill(task, 'unhealthy').catch(() => undefined),
      signal: ended.signal,
    });
  }
}
