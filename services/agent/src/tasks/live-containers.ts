import type { AgentTask } from './agent-task.js';

/** `preparing`: nothing of the task has run · `starting`: it may have begun · `running`: it is watched. */
export type ContainerPhase = 'preparing' | 'starting' | 'running';

/** The containers that this process brings up or watches. In memory only: after a restart, recovery fills it again. */
export class LiveContainers {
  private readonly byId = new Map<string, { phase: ContainerPhase; readonly ended: PromiseWithResolvers<void> }>();

  prepare(task: AgentTask): void {
    this.byId.set(task.containerId, { phase: 'preparing', ended: Promise.withResolvers() });
  }

  starting(task: AgentTask): void {
    this.enter(task, 'starting');
  }

  running(task: AgentTask): void {
    this.enter(task, 'running');
  }

  /** The container is gone, or will never be. */
  ended(task: AgentTask): void {
    this.byId.get(task.containerId)?.ended.resolve();
    this.byId.delete(task.containerId);
  }

  /** Undefined for a container that has ended or was never begun. */
  phaseOf(containerId: string): ContainerPhase | undefined {
    return this.byId.get(containerId)?.phase;
  }

  /** Settles when the container is gone; at once for one that is not there. */
  whenEnded(containerId: string): Promise<void> {
    return this.byId.get(containerId)?.ended.promise ?? Promise.resolve();
  }

  private enter(task: AgentTask, phase: ContainerPhase): void {
    const entry = this.byId.get(task.containerId);
    if (entry === undefined) this.byId.set(task.containerId, { phase, ended: Promise.withResolvers() });
    else entry.phase = phase;
  }
}
