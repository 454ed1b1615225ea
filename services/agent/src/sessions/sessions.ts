import type { Containerizer } from '../containerizer/containerizer.js';
import type { Ids } from '../ids.port.js';
import { Session, type SessionCommand } from './session.js';

/** How many ended sessions are remembered, for those that ask how they ended. */
const MAX_ENDED = 100;

/**
 * The sessions of this agent, by their names.
 *
 * Not written down: a session ends with the connection that it was begun over. What one of an agent that has died leaves behind is found by
 * its cgroups, and ended by the next agent.
 */
export class Sessions {
  /** Oldest first. */
  private readonly byName = new Map<string, Session>();

  constructor(
    private readonly containerizer: Pick<Containerizer, 'runInside'>,
    private readonly ids: Ids,
  ) {}

  /** With their names; those that have ended and are remembered too. */
  get all(): Iterable<readonly [name: string, session: Session]> {
    return this.byName;
  }

  get(name: string): Session | undefined {
    return this.byName.get(name);
  }

  /**
   * @param command without the group: it gets one
   * @returns a session that has not begun; undefined when there is one of that name
   */
  open(name: string, { id, ...command }: Omit<SessionCommand, 'group'>): Session | undefined {
    if (this.byName.has(name)) return undefined;
    const session = new Session({ id, ...command, group: { id: this.ids.uuid(), name: id.value } });
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
