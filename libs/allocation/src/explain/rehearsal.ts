import type { AgentRow } from '../cluster/agent-row.js';
import type { EngineState } from '../engine-state.js';
import type { Client } from '../frameworks/framework.js';
import type { Role } from '../roles/role.js';
import type { Asker } from './asker.js';
import { isOpen } from './contenders.js';
import { type OfferedSlots, scratchOf } from './scratch.js';
import { plus, type Sums } from './sums.js';
import { type Contender, type Ignored, Workbench } from './workbench.js';

/** What a rehearsal gave. */
export interface Rehearsed {
  /** What the asker was offered, by agent. */
  readonly offers: ReadonlyMap<AgentRow, Sums>;
  /** Who took something of an agent before the asker came. */
  readonly takenBy: ReadonlyMap<AgentRow, readonly Client[]>;
  /** As it is at the end. */
  readonly bench: Workbench;
}

/**
 * A cycle on a scratch state, for the asker and those before it in the order, agents in byte order of their ids.
 *
 * The order is the one at the start of the cycle: shares do not move while the rehearsal runs.
 *
 * @param ahead clients that are offered each agent before the asker
 */
export function rehearse(
  state: EngineState,
  asker: Asker,
  rows: readonly AgentRow[],
  ignored: Ignored,
  ahead: readonly Client[],
  offered: OfferedSlots,
): Rehearsed {
  const freed = { inUse: ignored.has('agent.in_use'), offered: ignored.has('agent.offered') };
  const scratch = scratchOf(state, freed, offered);
  const bench = new Workbench(scratch, asker.client, asker.shape, ignored);
  const others = contendersOn(ahead, bench.client, asker.client);
  const offers = new Map<AgentRow, Sums>();
  const takenBy = new Map<AgentRow, Client[]>();
  for (const stage of bench.stages) {
    for (const row of rows) {
      if (others.length > 0 && isOpen(state, row)) {
        const takers = others.filter((other) => bench.offerTo(other, stage, row));
        if (takers.length > 0) takenBy.set(row, [...(takenBy.get(row) ?? []), ...takers.map(({ real }) => real)]);
      }
      if (!bench.wouldOffer(stage, row)) continue;
      const before = offers.get(row);
      offers.set(row, before === undefined ? bench.offerSums() : plus(before, bench.offerSums()));
      bench.take(stage, row, bench.client.role);
    }
  }
  return { offers, takenBy, bench };
}

/** Copies that share the asker's role where they are in it, so that what is taken counts for all of a role. */
function contendersOn(ahead: readonly Client[], { role: copy }: Client, { role: real }: Client): Contender[] {
  const roles = new Map<Role, Role>([[real, copy]]);
  return ahead.map((client) => {
    const role = roles.get(client.role) ?? { ...client.role, unreservedHeld: [...client.role.unreservedHeld] };
    roles.set(client.role, role);
    return { client: { ...client, role }, real: client };
  });
}
