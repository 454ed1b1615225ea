/** What has a container: a task, an executor. */
interface Contained {
  readonly containerId: string;
}

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

  prepare({ containerId }: Contained): void {
    this.byId.set(containerId, liveContainer('preparing'));
  }

  starting({ containerId }: Contained): void {
    this.enter(containerId, 'starting');
  }

  running({ containerId }: Contained): void {
    this.enter(containerId, 'running');
  }

  /** The container is gone, or will never be. */
  ended({ containerId }: Contained): void {
    this.byId.get(containerId)?.ended.resolve();
    this.byId.delete(containerId);
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
  abandon({ containerId }: Contained): void {
    this.byId.get(containerId)?.wanted.abort();
  }

  /** Fires when the container is abandoned. Undefined for one that is not there. */
  signalOf(containerId: string): AbortSignal | undefined {
    return this.byId.get(containerId)?.wanted.signal;
  }

  private enter(containerId: string, phase: ContainerPhase): void {
    const entry = this.byId.get(containerId);
    if (entry === undefined) this.byId.set(containerId, liveContainer(phase));
    else entry.phase = phase;
  }
}
