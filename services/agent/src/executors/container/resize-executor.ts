import type { Ledger } from '../../checkpoint/ledger.js';
import type { Containerizer } from '../../containerizer/containerizer.js';
import type { LiveContainers } from '../../tasks/live-containers.js';
import type { LimitOptions } from '../../tasks/command/task-limits.js';
import { isTerminal } from '../../tasks/task-state.js';
import type { AgentExecutor } from '../agent-executor.js';
import { executorLimits } from './executor-limits.js';

/** Gives an executor's container what its tasks may use, as they come and go. */
export class ResizeExecutor {
  constructor(
    private readonly ledger: Ledger,
    private readonly containerizer: Containerizer,
    private readonly live: LiveContainers,
    private readonly options: LimitOptions,
  ) {}

  /**
   * @param without a task that is just ending
   * @returns at once for a container that does not run. @throws what the kernel says when it refuses
   */
  async resize(executor: AgentExecutor, without?: string): Promise<void> {
    if (this.live.phaseOf(executor.containerId) !== 'running') return;
    await this.containerizer.update(executor.containerId, this.limitsOf(executor, without));
  }

  limitsOf(executor: AgentExecutor, without?: string): ReturnType<typeof executorLimits> {
    const tasks = this.ledger.state
      .tasksOf(executor)
      .filter(({ state, taskId }) => !isTerminal(state) && taskId !== without);
    return executorLimits(
      executor.info,
      tasks.map(({ info }) => info),
      this.options,
    );
  }
}
