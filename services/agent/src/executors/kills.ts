import type { KillPolicy } from '@tranche/mesos-api';
import type { KillRequest } from '../checkpoint/record.js';
import { isNestedTask, isRunByExecutor } from './agent-executor.js';
import type { KillOnExecutor } from './kill-on-executor.js';
import type { PlayExecutor } from '../pods/play-executor.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { KillTask } from '../tasks/kill-task.js';

/** Ends a task before its time, whatever runs it. */
export class Kills {
  constructor(
    private readonly killer: KillTask,
    private readonly onExecutor: KillOnExecutor,
    private readonly player: PlayExecutor,
  ) {}

  /**
   * @param policy overrides the task's own grace
   * @returns when the kill is on disk and under way. @throws CheckpointFailedError
   */
  kill(task: AgentTask, cause: KillRequest['cause'], policy?: KillPolicy): Promise<void> {
    if (isRunByExecutor(task)) return this.onExecutor.kill(task, cause, policy);
    return isNestedTask(task) ? this.player.kill(task, cause, policy) : this.killer.kill(task, cause, policy);
  }
}
