import { Resources } from '@tranche/resources';
import { type Bundle, BundleBuilder, resourcesOf } from './cluster/bundle.js';
import type { AgentRow } from './cluster/agent-row.js';
import type { Kind } from './cluster/kind-table.js';
import type { AllocatorMetrics, EngineView, Holding } from './engine.js';
import type { EngineState } from './engine-state.js';
import { collectMetrics } from './metrics.js';

/** Free resources of an agent, shared volumes always among them (allocation rule A29). */
export function availableOf(state: EngineState, row: AgentRow): Resources {
  return resourcesOf(freeBundle(state, row));
}

function freeBundle({ cluster }: EngineState, row: AgentRow): Bundle {
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
    return this.state.agents.get(agentId)?.total;
  }

  *holdings(): Generator<Holding> {
    for (const row of this.state.agents.values()) {
      for (const { client, bundle } of row.holds) {
        yield {
          frameworkId: client.framework.id,
          role: client.role.name,
          agentId: row.id,
          resources: resourcesOf(bundle),
        };
      }
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

  isTracked(role: string): boolean {
    return (this.state.roles.find(role)?.clients.size ?? 0) > 0;
  }

  metrics(nowMs: number, offered: Iterable<Holding>): AllocatorMetrics {
    this.state.filters.expire(Math.round(nowMs * 1e6));
    return collectMetrics(this.state, offered);
  }
}
