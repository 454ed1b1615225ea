import type { AgentRow } from '../cluster/agent-row.js';
import type { EngineState } from '../engine-state.js';
import type { Client } from '../frameworks/framework.js';
import { VIRTUAL_LEAF } from '../sorter/sorter.js';

/**
 * Clients that are before the asker in the order as it is now, the first first. Nobody in front of a random order, which is drawn
 * anew each time, nor of somebody who is not listed.
 *
 * @source allocation rules A19, A20, A50
 */
export function contendersOf(state: EngineState, asker: Client): Client[] {
  const { roleSorter, frameworkSorter } = state.options;
  if (roleSorter === 'random' || frameworkSorter === 'random' || asker.leaf === undefined) return [];
  const ahead: Client[] = [];
  for (const path of state.roleSorter.listing()) {
    const name = path.endsWith(VIRTUAL_LEAF) ? path.slice(0, -VIRTUAL_LEAF.length) : path;
    const role = state.roles.find(name);
    for (const frameworkId of role?.sorter?.listing() ?? []) {
      const client = role?.clients.get(frameworkId);
      if (client === asker) return ahead;
      if (client?.isActive === true) ahead.push(client);
    }
  }
  return ahead;
}

/** Whether anything has changed for anybody since all were tried on the agent in vain: only then a cycle looks at it again. */
export function isOpen({ cluster, clientsChangedAt, quotaLoosenedAt }: EngineState, { index }: AgentRow): boolean {
  const settledAt = cluster.settledAt[index] as number;
  if (settledAt === 0 || settledAt < clientsChangedAt) return true;
  return cluster.boundByQuota[index] === 1 && settledAt < quotaLoosenedAt;
}
