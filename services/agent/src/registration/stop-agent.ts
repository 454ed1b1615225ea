import { queueOf, UnregisterAgentV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { EndContainer } from '../containers/end-container.js';
import { isStandingAlone } from '../executors/agent-executor.js';
import type { ShutdownExecutor } from '../executors/shutdown-executor.js';
import type { KillTask } from '../tasks/kill-task.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { isTerminal } from '../tasks/task-state.js';

/** The orderly end of an agent that does not come back soon: its tasks end with their grace, everybody hears of it, it says good-bye. */
export class StopAgent {
  constructor(
    private readonly ledger: Ledger,
    private readonly killer: KillTask,
    private readonly executors: ShutdownExecutor,
    private readonly containers: Pick<EndContainer, 'endAll'>,
    private readonly live: LiveContainers,
    private readonly updates: StatusUpdates,
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly logger: Logger,
  ) {}

  /** @returns when no task is left. Updates that are not acknowledged by then are kept for the next start. */
  async endTasks(): Promise<void> {
    const { state } = this.ledger;
    const tasks = [...state.tasks()].filter((task) => !isTerminal(task.state));
    await Promise.all([
      this.containers.endAll(),
      ...tasks.filter(isStandingAlone).map(async (task) => {
        await this.killer.kill(task, 'agent-stopping');
        await this.live.whenEnded(task.containerId);
      }),
      ...[...state.executors()].map(async (executor) => {
        await this.executors.shutdown(executor, 'agent-stopping');
        await this.live.whenEnded(executor.containerId);
      }),
    ]);
    // The ends are on disk, so that they can be sent.
    await this.ledger.record();
    if (tasks.length > 0) this.logger.info('tasks ended', { tasks: tasks.length });
  }

  /** Sends what is unacknowledged a last time, then leaves the cluster: the registry hears of it after `offers` has the updates. */
  async leave(reason: string): Promise<void> {
    const { agentId } = this.ledger.state;
    if (agentId === undefined) return;
    this.updates.flush();
    try {
      await this.bus.send(UnregisterAgentV1, queueOf('registry'), [{ agentId, reason }]);
    } catch (error) {
      this.logger.warn('agent could not say good-bye', { agentId, error });
    }
  }
}
