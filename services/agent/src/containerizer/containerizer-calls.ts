import type { Containerizer } from './containerizer.js';

/** A call that has not returned. */
export interface PendingCall {
  /** `oci::create`. */
  readonly operation: string;
  readonly containerId: string;
}

type Watched = Pick<Containerizer, 'create' | 'start' | 'update' | 'kill' | 'remove'>;

/** What a containerizer is busy with, and what it has failed to remove. */
export class ContainerizerCalls {
  /** Containers that could not be removed, since the agent's start. */
  destroyErrors = 0;
  private readonly under = new Set<PendingCall>();

  /** Oldest first. */
  get pending(): PendingCall[] {
    return [...this.under];
  }

  /** @returns the same containerizer, watched */
  watch(inner: Containerizer): Containerizer {
    const during = async <T>(call: keyof Watched, containerId: string, run: () => Promise<T>): Promise<T> => {
      const pending = { operation: `${inner.name}::${call}`, containerId };
      this.under.add(pending);
      try {
        return await run();
      } finally {
        this.under.delete(pending);
      }
    };
    const watched: Watched = {
      create: (config) => during('create', config.id, () => inner.create(config)),
      start: (id) => during('start', id, () => inner.start(id)),
      update: (id, limits) => during('update', id, () => inner.update(id, limits)),
      kill: (id, signal) => during('kill', id, () => inner.kill(id, signal)),
      remove: (id) => during('remove', id, () => this.counted(inner.remove(id))),
    };
    return withCalls(inner, watched);
  }

  private async counted(removal: Promise<void>): Promise<void> {
    try {
      await removal;
    } catch (error) {
      this.destroyErrors += 1;
      throw error;
    }
  }
}

/** The same containerizer with some calls replaced. The others run on the object itself. */
export function withCalls(containerizer: Containerizer, replaced: Partial<Containerizer>): Containerizer {
  return new Proxy(containerizer, {
    get(target, key): unknown {
      if (key in replaced) return replaced[key as keyof typeof replaced];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
