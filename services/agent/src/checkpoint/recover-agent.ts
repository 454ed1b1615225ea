import { type Logger, SPAN } from '@tranche/telemetry';
import type { Containerizer, RecoveredContainer } from '../containerizer/containerizer.js';
import { isRunByExecutor } from '../executors/agent-executor.js';
import type { RecoverExecutors } from '../executors/recover-executors.js';
import type { AgentTask } from '../tasks/agent-task.js';
import type { Capacity } from '../tasks/capacity.js';
import type { StatusChange } from '../tasks/status-change.js';
import type { StatusUpdates } from '../tasks/status-updates.js';
import { dropTask, endOfTask, endWithoutTrace } from '../tasks/task-end.js';
import { isTerminal } from '../tasks/task-state.js';
import { inTaskSpan } from '../tasks/task-trace.js';
import type { Ledger } from './ledger.js';

/** What a start of the agent found of the one before. */
export interface Recovery {
  /** Tasks that run on. */
  readonly running: number;
  /** Tasks that ended meanwhile, or had to be given up. */
  readonly ended: number;
}

/**
 * Takes up where the agent before left off: its tasks are found again, and each of them gets its answer.
 *
 * A task whose process runs is watched again. One that ended meanwhile gets the status that its exit calls for. One that was still being
 * brought up is dropped, its process with it: whether it had begun cannot be told, and running it again might run it twice.
 *
 * @source Mesos 1.11 behaviour: agent recovery; tasks launched during agent restart
 */
export class RecoverAgent {
  constructor(
    private readonly ledger: Ledger,
    private readonly containerizer: Containerizer,
    private readonly updates: StatusUpdates,
    private readonly capacity: Capacity,
    private readonly watch: (task: AgentTask) => void,
    /** Executors, then the containers of the agent API's, which end with what they are in. */
    private readonly others: Pick<RecoverExecutors, 'recover'>,
    private readonly logger: Logger,
    /** Of the machine's present life. */
    private readonly bootId: string,
  ) {}

  /** Call once, with the state replayed and before anything is launched. @throws CheckpointFailedError, or what the containerizer throws */
  async recover(): Promise<Recovery> {
    const { state } = this.ledger;
    // Those that an executor's process runs are as alive as it is.
    const live = [...state.tasks()].filter((task) => !isTerminal(task.state) && !isRunByExecutor(task));
    const holders = [...state.executors(), ...live];
    const known = [
      ...holders.flatMap(({ container }) => container ?? []),
      ...[...state.containers.all].flatMap(({ checkpoint, end }) => (end === undefined ? (checkpoint ?? []) : [])),
    ];
    const found = await this.containerizer.recover(known);
    const byId = new Map(found.map((container) => [container.id, container]));
    this.tell(found);
    const outcomes = await Promise.all(
      live.map((task) => inTaskSpan(SPAN.recoverTask, task, () => this.recoverTask(task, byId.get(task.containerId)))),
    );
    const running = outcomes.filter((outcome) => outcome === 'running').length;
    await this.others.recover(byId);
    return { running, ended: live.length - running };
  }

  private tell(found: readonly RecoveredContainer[]): void {
    for (const container of found) {
      if (container.state === 'lost') continue;
      for (const finding of container.findings ?? []) {
        this.logger.error('files of a container are damaged', { containerId: container.id, finding });
      }
    }
  }

  private async recoverTask(task: AgentTask, found: RecoveredContainer | undefined): Promise<'running' | 'ended'> {
    const end = this.endOf(task, found);
    const { frameworkId, taskId, containerId } = task;
    if (end === undefined) {
      this.capacity.hold(task);
      this.watch(task);
      this.logger.info('task found again', { frameworkId, taskId, containerId });
      return 'running';
    }
    // What runs is ended before its resources are given away. What has ended keeps its exit status until that is written down.
    if (found?.state === 'running') await this.remove(task);
    await this.updates.report(task, end);
    if (found !== undefined && found.state !== 'running') await this.remove(task);
    this.logger.info('task over', { frameworkId, taskId, containerId, state: end.state, message: end.message });
    return 'ended';
  }

  /** One that resists must not keep the agent from starting: the next start tries again. */
  private async remove({ frameworkId, taskId, containerId }: AgentTask): Promise<void> {
    try {
      await this.containerizer.remove(containerId);
    } catch (error) {
      this.logger.error('container could not be removed', { frameworkId, taskId, containerId, error });
    }
  }

  /** @returns undefined for a task that runs on */
  private endOf(task: AgentTask, found: RecoveredContainer | undefined): StatusChange | undefined {
    if (found?.state === 'ended' && found.termination.waitStatus !== undefined) {
      return endOfTask(found.termination, task.kill);
    }
    if (task.state === 'TASK_STAGING' || task.state === 'TASK_STARTING') return this.interrupted(task);
    if (found?.state === 'running') return undefined;
    if (found?.state === 'ended') return endOfTask(found.termination, task.kill);
    return endWithoutTrace(task.kill, task.container !== undefined && task.container.bootId !== this.bootId);
  }

  private interrupted(task: AgentTask): StatusChange {
    if (task.kill !== undefined) {
      return { state: 'TASK_KILLED', source: 'SOURCE_AGENT', reason: 'REASON_TASK_KILLED_DURING_LAUNCH' };
    }
    const framework = this.ledger.state.framework(task.frameworkId);
    if (framework === undefined) throw new Error(`task ${task.taskId} has no framework`);
    return dropTask(framework.info, 'REASON_AGENT_RESTARTED', 'Task launched during agent restart');
  }
}
