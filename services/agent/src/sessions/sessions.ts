import type { ContainerID } from '@tranche/mesos-api';
import type { Containerizer } from '../containerizer/containerizer.js';
import type { LiveContainers } from '../tasks/live-containers.js';
import { Session, type SessionCommand } from './session.js';

/** How many ended sessions are remembered, for those that ask how they ended. */
const MAX_ENDED = 100;

/** An id of a container within others as text: `parent.child`. */
export const containerName = ({ value, parent }: ContainerID): string =>
  parent === undefined ? value : `${containerName(parent)}.${value}`;

/**
 * The sessions of this agent, by their names.
 *
 * Not written down: a session ends with the connection that it was begun over, and none of them outlives the agent.
 */
export class Sessions {
  /** Oldest first. */
  private readonly byName = new Map<string, Session>();

  constructor(
    private readonly containerizer: Pick<Containerizer, 'runInside'>,
    private readonly live: LiveContainers,
  ) {}

  get(name: string): Session | undefined {
    return this.byName.get(name);
  }

  /** @returns a session that has not begun, or why there is none */
  open(name: string, command: SessionCommand): Session | string {
    const known = this.byName.get(name);
    if (known !== undefined) return `Container ${name} already exists`;
    if (this.live.phaseOf(command.containerId) !== 'running') {
      return `Parent container ${command.containerId} does not exist`;
    }
    const session = new Session(command);
    this.byName.set(name, session);
    return session;
  }

  /** Runs it to its end. */
  async run(session: Session): Promise<void> {
    await session.run(this.containerizer);
    this.forgetOld();
  }

  forget(name: string): void {
    this.byName.delete(name);
  }

  /** Ends all. */
  close(): void {
    for (const session of this.byName.values()) session.abort();
  }

  private forgetOld(): void {
    const ended = [...this.byName].filter(([, session]) => session.isOver);
    for (const [name] of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) this.byName.delete(name);
  }
}
