import type { AgentState } from '../../checkpoint/agent-state.js';
import type { SandboxOf } from '../../paths.js';
import { isTerminal } from '../../tasks/task-state.js';
import type { TaskDetails } from '../../tasks/details/task-details.js';
import type { RunBook } from './collect-sandboxes.js';

/** What the agent's state tells of the containers that sandboxes belong to. */
export class AgentRunBook implements RunBook {
  constructor(
    private readonly state: AgentState,
    private readonly details: TaskDetails,
  ) {}

  liveContainers(): ReadonlySet<string> {
    const live = new Set<string>();
    for (const { containerId, executorContainerId, state } of this.state.tasks()) {
      if (isTerminal(state)) continue;
      live.add(containerId);
      if (executorContainerId !== undefined) live.add(executorContainerId);
    }
    for (const { executors } of this.state.frameworks) {
      for (const { containerId } of executors.running.values()) live.add(containerId);
    }
    return live;
  }

  endTimes(): ReadonlyMap<string, number> {
    const ends = new Map<string, number>();
    for (const { tasks, completed } of this.state.frameworks) {
      for (const { containerId, state, statuses } of [...tasks.values(), ...completed]) {
        const at = statuses.at(-1)?.timestamp;
        if (isTerminal(state) && typeof at === 'number') ends.set(containerId, at * 1000);
      }
    }
    return ends;
  }

  /** The tasks whose files these are: of a command task its own, of an executor all that it ran. */
  tell(run: SandboxOf, untilMs: number): void {
    const framework = this.state.framework(run.frameworkId);
    if (framework === undefined) return;
    for (const task of [...framework.tasks.values(), ...framework.completed]) {
      if ((task.executorContainerId ?? task.containerId) !== run.containerId || !isTerminal(task.state)) continue;
      this.details.sandboxUntil(task, untilMs);
    }
  }
}
