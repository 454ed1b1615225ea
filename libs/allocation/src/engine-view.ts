import { compareBytes, type Quantities, type Resources } from '@tranche/resources';
import { type Bundle, BundleBuilder, resourcesOf } from './cluster/bundle.js';
import type { AgentRow } from './cluster/agent-row.js';
import type { Kind } from './cluster/kind-table.js';
import type { AllocatorMetrics, EngineView, Holding, RoleFigures, ShareEntry } from './engine.js';
import type { EngineState } from './engine-state.js';
import { collectMetrics } from './metrics.js';
import type { Role } from './roles/role.js';
import { figuresOf, headroomOf, knownRoles } from './roles/role-figures.js';
import { VIRTUAL_LEAF } from './sorter/sorter.js';

/** Free resources of an agent, shared volumes always among them (allocation rule A29). */
export function availableOf(state: EngineState, row: AgentRow): Resources {
  return resourcesOf(freeBundle(state, row));
}

/** The same as the engine keeps it. */
export function freeBundle({ cluster }: EngineState, row: AgentRow): Bundle {
  const { slots } = cluster;
  const start = cluster.start[row.index] as number;
  const builder = new BundleBuilder();
  for (let slot = start; slot < start + (cluster.size[row.index] as number); slot++) {
    const milli = cluster.freeMilli(slot);
    if (milli > 0) builder.add(slots.kinds[slot] as Kind, milli, slots.free[slot], 1);
  }
  return builder.build();
}

/** Reads the engine's tables. */
export class TableView implements EngineView {
  constructor(private readonly state: EngineState) {}

  available(agentId: string): Resources | undefined {
    const row = this.state.agents.get(agentId);
    return row === undefined ? undefined : availableOf(this.state, row);
  }

  total(agentId: string): Resources | undefined {
    const row = this.state.agents.get(agentId);
    return row === undefined ? undefined : resourcesOf(row.bundle);
  }

  *holdings(): Generator<Holding> {
    for (const { id } of this.state.agents.values()) yield* this.holdingsOn(id);
  }

  *holdingsOn(agentId: string): Generator<Holding> {
    for (const { client, bundle } of this.state.agents.get(agentId)?.holds ?? []) {
      yield {
        frameworkId: client.framework.id,
        role: client.role.name,
        agentId,
        resources: resourcesOf(bundle),
      };
    }
  }

  order(role?: string): string[] {
    if (role === undefined) return this.state.roleSorter.listing();
    return this.state.roles.find(role)?.sorter?.listing() ?? [];
  }

  roleShare(path: string): number | undefined {
    return this.state.roleSorter.share(path);
  }

  frameworkShare(role: string, frameworkId: string): number | undefined {
    return this.state.roles.find(role)?.sorter?.share(frameworkId);
  }

  roles(nowMs: number): RoleFigures[] {
    this.state.filters.expire(Math.round(nowMs * 1e6));
    return Array.from(knownRoles(this.state), (role) => figuresOf(this.state, role));
  }

  headroom(): { readonly required: Quantities; readonly available: Quantities } {
    return headroomOf(this.state);
  }

  get runs(): number {
    return this.state.runs;
  }

  shares(): ShareEntry[] {
    const { roles, roleSorter } = this.state;
    return roleSorter.listing().flatMap((name) => {
      const role = roles.find(name) as Role;
      const share = roleSorter.share(name + VIRTUAL_LEAF) ?? roleSorter.share(name);
      const active = new Set(role.sorter?.listing());
      const inactive = [...role.clients.keys()].filter((id) => !active.has(id)).toSorted(compareBytes);
      const frameworks = [...active, ...inactive].map((frameworkId) => ({
        role: name,
        frameworkId,
        share: role.sorter?.share(frameworkId),
        weight: 1,
        isActive: active.has(frameworkId),
      }));
      return [{ role: name, share, weight: role.weight, isActive: role.activeClients > 0 }, ...frameworks];
    });
  }

  isTracked(role: string): boolean {
    return (this.state.roles.find(role)?.clients.size ?? 0) > 0;
  }

  metrics(nowMs: number, offered: Iterable<Holding>): AllocatorMetrics {
    this.state.filters.expire(Math.round(nowMs * 1e6));
    return collectMetrics(this.state, offered);
  }
}
