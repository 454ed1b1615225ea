import { Resources } from '@tranche/resources';

/** Who uses what: one framework, in one role, on one agent. */
export interface Usage {
  readonly framework: string;
  readonly role: string;
  readonly agent: string;
  readonly resources: Resources;
}

/** What runs where, as the cluster manager knows it. */
export class UsageBook {
  readonly #usages = new Map<string, Usage>();

  values(): Iterable<Usage> {
    return this.#usages.values();
  }

  of(match: Partial<Pick<Usage, 'framework' | 'role' | 'agent'>>): Usage[] {
    return [...this.#usages.values()].filter(
      (usage) =>
        (match.framework === undefined || usage.framework === match.framework) &&
        (match.role === undefined || usage.role === match.role) &&
        (match.agent === undefined || usage.agent === match.agent),
    );
  }

  add(usage: Usage): void {
    if (usage.resources.isEmpty) return;
    const key = keyOf(usage);
    const before = this.#usages.get(key)?.resources ?? Resources.EMPTY;
    this.#usages.set(key, { ...usage, resources: before.plus(usage.resources) });
  }

  remove(usage: Usage): void {
    const key = keyOf(usage);
    const rest = (this.#usages.get(key)?.resources ?? Resources.EMPTY).minus(usage.resources);
    if (rest.isEmpty) this.#usages.delete(key);
    else this.#usages.set(key, { ...usage, resources: rest });
  }

  forget(match: Partial<Pick<Usage, 'framework' | 'agent'>>): void {
    for (const usage of this.of(match)) this.#usages.delete(keyOf(usage));
  }
}

function keyOf({ framework, role, agent }: Usage): string {
  return JSON.stringify([framework, role, agent]);
}
