import { type FrameworkInfo, type KillPolicy, toMs } from '@tranche/mesos-api';
import type { Variables } from '../../containers/command-variables.js';
import { executorEnvironment, type ExecutorSurroundings } from '../../executors/container/executor-environment.js';
import type { AgentTask } from '../agent-task.js';

/** From the executor's SHUTDOWN to its end, beyond the grace that it gives its task. */
const EXECUTOR_REST_MS = 2_000;

/** How long the executor of a command task has from SHUTDOWN on: as long as its task, and a little more. @source executor API §7 */
export const shutdownGraceMs = (policy: KillPolicy | undefined, otherwise: number): number =>
  policy?.grace_period === undefined ? otherwise : toMs(policy.grace_period) + EXECUTOR_REST_MS;

/**
 * The complete environment of a command task: that of the executor that the agent plays, and the role that it runs for.
 *
 * @returns in order, each name once
 * @source Mesos 1.11 behaviour: environment of executors and command tasks
 */
export const taskEnvironment = (task: AgentTask, framework: FrameworkInfo, around: ExecutorSurroundings): Variables =>
  executorEnvironment(
    { frameworkId: task.frameworkId, executorId: task.taskId, command: task.info.command ?? {}, role: task.role },
    framework,
    around,
  );
