/**
 * `recovering` takes up what was before · `registering` asks the registry to be admitted · `running` takes tasks ·
 * `stopping` ends what it has · `stopped` is over.
 */
export type AgentPhase = 'recovering' | 'registering' | 'running' | 'stopping' | 'stopped';

const NEXT: Readonly<Record<AgentPhase, readonly AgentPhase[]>> = {
  recovering: ['registering', 'stopping'],
  // Asked to register again while it still does: it goes on.
  registering: ['registering', 'running', 'stopping'],
  running: ['registering', 'stopping'],
  stopping: ['stopped'],
  stopped: [],
};

/** Where the agent is in its life. Going back is a defect, not a case. */
export class AgentLifecycle {
  private current: AgentPhase = 'recovering';

  get phase(): AgentPhase {
    return this.current;
  }

  /** Tasks are taken from the first registration on: a launch may overtake the answer to a repeated one. */
  get takesTasks(): boolean {
    return this.current === 'registering' || this.current === 'running';
  }

  get isStopping(): boolean {
    return this.current === 'stopping' || this.current === 'stopped';
  }

  /** @throws for a step that does not exist */
  enter(next: AgentPhase): void {
    if (!NEXT[this.current].includes(next)) throw new Error(`an agent cannot go from ${this.current} to ${next}`);
    this.current = next;
  }
}
