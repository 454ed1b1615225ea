import type { EngineState } from '../engine-state.js';
import { AGENT_TRAITS } from '../cluster/agent-row.js';
import type { Client, Framework } from './framework.js';

/** The framework with this id; unknown ones get an entry that only holds (allocation rule A34). */
export function frameworkEntry(state: EngineState, id: string): Framework {
  const known = state.frameworks.get(id);
  if (known !== undefined) return known;
  const framework: Framework = {
    id,
    isKnown: false,
    isActive: false,
    refusedTraits: 0,
    stripsShared: true,
    stripsRevocable: true,
    stripsRefined: true,
    subscribed: new Set(),
    suppressed: new Set(),
    clients: new Map(),
  };
  state.frameworks.set(id, framework);
  return framework;
}

/** The framework's client in a role, made now if it is not tracked there yet (allocation rule A67). */
export function clientOf(state: EngineState, framework: Framework, roleName: string): Client {
  const known = framework.clients.get(roleName);
  if (known !== undefined) return known;
  const client: Client = {
    framework,
    role: state.roles.get(roleName),
    leaf: undefined,
    isActive: false,
    refusedTraits: 0,
    holds: [],
    filters: [],
    minimums: undefined,
    constraints: undefined,
    changedAt: 0,
    number: state.freeClientNumbers.pop() ?? ++state.clientCount,
  };
  client.role.pins++;
  refreshRefusedTraits(client);
  framework.clients.set(roleName, client);
  if (framework.isKnown) enterSorters(state, client);
  return client;
}

/** Puts a client of a framework that is known into the sorters, inactive, with what it holds. */
export function enterSorters(state: EngineState, client: Client): void {
  const { framework, role } = client;
  role.sorter ??= state.frameworkSorters.create<Client>();
  if (role.leaf === undefined) {
    role.leaf = state.roleSorter.add(role.name, role);
    state.roleSorter.setActivity(role.leaf, 'idle');
  }
  role.clients.set(framework.id, client);
  client.leaf = role.sorter.add(framework.id, client);
  for (const { agent, bundle } of client.holds) {
    state.ledger.consume(role.top, agent, bundle, 1);
    state.ledger.charge(client, agent, bundle);
  }
}

/** Takes a client that holds nothing out of its sorters, and the role out of the role sorter with its last client. */
export function leaveSorters(state: EngineState, client: Client): void {
  const { role, framework, leaf } = client;
  framework.clients.delete(role.name);
  state.clientsWithMinimums.delete(client);
  if (leaf !== undefined) {
    setClientActivity(state, client, false);
    role.sorter?.remove(leaf);
    client.leaf = undefined;
    role.clients.delete(framework.id);
    if (role.clients.size === 0 && role.leaf !== undefined) {
      state.roleSorter.remove(role.leaf);
      role.leaf = undefined;
      role.sorter = undefined;
    }
  }
  state.freeClientNumbers.push(client.number);
  role.pins--;
  state.roles.prune(role);
}

/** Drops the client when the framework is neither subscribed to the role nor holds anything in it (allocation rule A67). */
export function untrackIfIdle(state: EngineState, client: Client): void {
  const { framework, role } = client;
  if (client.holds.length > 0 || framework.subscribed.has(role.name)) return;
  state.filters.clearClient(client);
  leaveSorters(state, client);
  if (!framework.isKnown && framework.clients.size === 0) state.frameworks.delete(framework.id);
}

/** Brings the sorters up to date with whether the client takes offers (allocation rules A22, A63, A65). */
export function refreshActivity(state: EngineState, client: Client): void {
  const { framework, role } = client;
  const isActive = framework.isActive && framework.subscribed.has(role.name) && !framework.suppressed.has(role.name);
  setClientActivity(state, client, isActive);
}

/** Someone may want more, or accept what it did not: agents on which all had been tried are worth another look. */
export function markChanged(state: EngineState, client: Client): void {
  client.changedAt = client.role.changedAt = state.clientsChangedAt = ++state.changes;
}

/** Traits of agents that the client is never offered (allocation rules A46, A47, A49). */
export function refreshRefusedTraits(client: Client): void {
  const nested = client.role.parent !== undefined ? AGENT_TRAITS.lacksHierarchicalRole : 0;
  client.refusedTraits = client.framework.refusedTraits | nested;
}

function setClientActivity(state: EngineState, client: Client, isActive: boolean): void {
  const { role, leaf } = client;
  if (client.isActive === isActive || leaf === undefined || role.leaf === undefined) return;
  client.isActive = isActive;
  role.sorter?.setActivity(leaf, isActive ? 'active' : 'inactive');
  const before = role.activeClients;
  role.activeClients += isActive ? 1 : -1;
  if (before === 0 || role.activeClients === 0) {
    state.roleSorter.setActivity(role.leaf, isActive ? 'active' : 'idle');
  }
  if (isActive) markChanged(state, client);
}
