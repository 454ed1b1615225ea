import type { FrameworkInfo } from '@tranche/mesos-api';
import {
  executorEnvironment,
  type ExecutorSurroundings,
  type Variables,
} from '../../executors/container/executor-environment.js';
import type { AgentTask } from '../agent-task.js';

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
