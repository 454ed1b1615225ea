import { Resources } from '@tranche/resources';
import type { Held } from './allocation-engine.port.js';

/** Who holds what on one agent, and sums by role and framework over all agents in scalar quantities (thousandths). */
export class Holdings {
  /** By agent, then by `framework role`. */
  private readonly byAgent = new Map<string, Map<string, Held>>();
  private readonly byRole = new Map<string, Map<string, number>>();
  private readonly byFramework = new Map<string, Map<string, number>>();

  add(held: Held): void {
    const onAgent = this.byAgent.get(held.agentId) ?? new Map<string, Held>();
    const key = keyOf(held);
    const before = onAgent.get(key)?.resources ?? Resources.EMPTY;
    onAgent.set(key, { ...held, resources: before.plus(held.resources) });
    this.byAgent.set(held.agentId, onAgent);
    this.count(held, 1);
  }

  /** Takes off what is there of it. */
  remove(held: Held): void {
    const onAgent = this.byAgent.get(held.agentId);
    const entry = onAgent?.get(keyOf(held));
    if (onAgent === undefined || entry === undefined) return;
    const rest = entry.resources.minus(held.resources);
    this.count({ ...held, resources: entry.resources.minus(rest) }, -1);
    if (rest.isEmpty) onAgent.delete(keyOf(held));
    else onAgent.set(keyOf(held), { ...entry, resources: rest });
  }

  removeAgent(agentId: string): void {
    for (const held of this.onAgent(agentId)) this.count(held, -1);
    this.byAgent.delete(agentId);
  }

  removeFramework(frameworkId: string): void {
    for (const held of [...this.all()]) if (held.frameworkId === frameworkId) this.remove(held);
  }

  onAgent(agentId: string): Iterable<Held> {
    return this.byAgent.get(agentId)?.values() ?? [];
  }

  *all(): Iterable<Held> {
    for (const onAgent of this.byAgent.values()) yield* onAgent.values();
  }

  /** Thousandths by resource name that a role holds. */
  ofRole(role: string): ReadonlyMap<string, number> {
    return this.byRole.get(role) ?? NOTHING;
  }

  /** Thousandths by resource name that a framework holds in a role. */
  ofFramework(frameworkId: string, role: string): ReadonlyMap<string, number> {
    return this.byFramework.get(`${frameworkId} ${role}`) ?? NOTHING;
  }

  private count(held: Held, sign: 1 | -1): void {
    for (const [name, milli] of held.resources.scalarQuantities()) {
      addTo(this.byRole, held.role, name, sign * milli);
      addTo(this.byFramework, keyOf(held), name, sign * milli);
    }
  }
}

const NOTHING: ReadonlyMap<string, number> = new Map();

const keyOf = ({ frameworkId, role }: Pick<Held, 'frameworkId' | 'role'>): string => `${frameworkId} ${role}`;

function addTo(sums: Map<string, Map<string, number>>, key: string, name: string, milli: number): void {
  const vector = sums.get(key) ?? new Map<string, number>();
  vector.set(name, (vector.get(name) ?? 0) + milli);
  sums.set(key, vector);
}
