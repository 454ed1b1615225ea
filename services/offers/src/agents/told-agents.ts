/** So many questions wait for one agent at most: whoever finds no room asks again, as schedulers do that are not answered. */
const MAX_WAITING = 1_000;

interface Registration {
  readonly agent: { readonly agentId: string };
  /** False: it never was a member before, so that nobody has sent it anything. */
  readonly reregistered: boolean;
  /** Lives whose question it answers; absent: an agent of an older version, which cannot say. */
  readonly asked?: readonly string[] | undefined;
  /** By the life of the agent that is its source. */
  readonly sent?: { readonly source: string } | undefined;
}

/**
 * Which agents have told all that earlier lives of this service had sent them.
 *
 * Such a life may have launched what never came to the database: its message waits in the agent's queue, or the agent has the task and has yet to say so.
 * That something is not in the books says that there is no such thing only once the agent has registered in answer to a question of this life, because that
 * question stands behind all those messages in the agent's queue.
 */
export class ToldAgents {
  private readonly told = new Set<string>();
  /** Of those that are members now. */
  private readonly untold = new Set<string>();
  /** With the life of the agent that has registered since without an answer. */
  private readonly asked = new Map<string, string | undefined>();
  private readonly called = new Set<string>();
  /** What goes on when an agent has told, or, without an id, when all have. */
  private readonly waiting = new Map<string | undefined, Map<string, () => void>>();

  /** @param life source of this life of the service, `offers/1f6c…` */
  constructor(private readonly life: string) {}

  /** An agent that is lost will not tell. */
  note(agentId: string, isPresent: boolean): void {
    if (isPresent && !this.told.has(agentId)) this.untold.add(agentId);
    else this.untold.delete(agentId);
    // Its queue may be gone by the time that it comes back.
    if (!isPresent) this.asked.delete(agentId);
  }

  has(agentId: string): boolean {
    return this.told.has(agentId);
  }

  /** The agent in question, or all, as far as they have yet to tell. */
  whoIsUntold(agentId: string | undefined): string[] {
    if (agentId === undefined) return [...this.untold];
    return this.untold.has(agentId) ? [agentId] : [];
  }

  /** @returns whether it has to be asked to register: not again before it has done so */
  ask(agentId: string): boolean {
    const isNew = !this.asked.has(agentId);
    if (isNew) this.asked.set(agentId, undefined);
    return isNew;
  }

  /** @returns so many of the untold that were not returned before and are not being asked */
  next(count: number): string[] {
    const next = [...this.untold]
      .filter((agentId) => !this.called.has(agentId) && !this.asked.has(agentId))
      .slice(0, count);
    for (const agentId of next) this.called.add(agentId);
    return next;
  }

  /** The question did not leave. */
  unasked(agentId: string): void {
    this.asked.delete(agentId);
  }

  /**
   * An agent has registered: an answer, if it names this life.
   *
   * @returns whether it has to be asked once more: the life of it that took a question may have ended before it answered. Not twice in one life: then the
   * question is on its way
   */
  registered({ agent: { agentId }, reregistered, asked, sent }: Registration): boolean {
    if (!reregistered || asked === undefined || asked.includes(this.life)) {
      this.told.add(agentId);
      this.untold.delete(agentId);
      this.asked.delete(agentId);
      return false;
    }
    const life = sent?.source ?? '';
    if (!this.untold.has(agentId) || this.asked.get(agentId) === life) return false;
    this.asked.set(agentId, life);
    return true;
  }

  /** @param key the same question twice is answered once */
  wait(agentId: string | undefined, key: string, then: () => void): void {
    const waiting = this.waiting.get(agentId) ?? new Map<string, () => void>();
    if (waiting.size < MAX_WAITING) this.waiting.set(agentId, waiting.set(key, then));
  }

  /** @returns what waits no more, now that this agent has told or is lost */
  released(agentId: string): (() => void)[] {
    return [
      ...(this.untold.has(agentId) ? [] : this.take(agentId)),
      ...(this.untold.size > 0 ? [] : this.take(undefined)),
    ];
  }

  private take(agentId: string | undefined): Iterable<() => void> {
    const waiting = this.waiting.get(agentId)?.values() ?? [];
    this.waiting.delete(agentId);
    return waiting;
  }
}
