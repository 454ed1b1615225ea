import type { AgentTask } from './agent-task.js';

/** `preparing`: nothing of the task has run · `starting`: it may have begun · `running`: it is watched. */
export type ContainerPhase = 'preparing' | 'starting' | 'running';

interface LiveContainer {
  phase: ContainerPhase;
  readonly ended: PromiseWithResolvers<void>;
  readonly wanted: AbortController;
}

const liveContainer = (phase: ContainerPhase): LiveContainer => ({
  phase,
  ended: Promise.withResolvers(),
  wanted: new AbortController(),
});

/** The containers that this process brings up or watches. In memory only: after a restart, recovery fills it again. */
export class LiveContainers {
  private readonly byId = new Map<string, LiveContainer>();

  prepare(task: AgentTask): void {
    this.byId.set(task.containerId, liveContainer('preparing'));
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

  /** Nobody wants the container any more: what still happens to bring it up is to end. */
  abandon(task: AgentTask): void {
    this.byId.get(task.containerId)?.wanted.abort();
  }

  /** Fires when the container is abandoned. Undefined for one that is not there. */
  signalOf(containerId: string): AbortSignal | undefined {
    return this.byId.get(containerId)?.wanted.signal;
  }

  private enter(task: AgentTask, phase: ContainerPhase): void {
    const entry = this.byId.get(task.containerId);
    if (entry === undefined) this.byId.set(task.containerId, liveContainer(phase));
    else entry.phase = phase;
  }
}
