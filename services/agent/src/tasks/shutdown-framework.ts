import type { Ledger } from '../checkpoint/ledger.js';
import { isStandingAlone } from '../executors/agent-executor.js';
import type { ShutdownExecutor } from '../executors/shutdown-executor.js';
import type { KillTask } from './kill-task.js';
import type { StatusUpdates } from './status-updates.js';

/** Ends what a removed framework has on the agent, and forgets its updates: nobody is left to get them. */
export class ShutdownFramework {
  constructor(
    private readonly ledger: Ledger,
    private readonly killer: KillTask,
    private readonly executors: ShutdownExecutor,
    private readonly updates: StatusUpdates,
  ) {}

  /** @returns when the removal is on disk and the kills are under way; at once for an unknown framework */
  async shutdown(frameworkId: string): Promise<void> {
    const framework = this.ledger.state.framework(frameworkId);
    if (framework === undefined || framework.removed) return;
    const tasks = [...framework.tasks.values()];
    this.updates.forget(tasks);
    const safe = this.ledger.record({ kind: 'framework-removed', frameworkId });
    const executors = [...framework.executors.running.values()];
    await Promise.all([
      safe,
      ...tasks.filter(isStandingAlone).map((task) => this.killer.kill(task, 'framework-removed')),
      ...executors.map((executor) => this.executors.shutdown(executor, 'framework-removed')),
    ]);
  }
}
