import { roleAncestors } from '@tranche/resources';
import { AGENT_TRAITS } from '../cluster/agent-row.js';
import type { EngineState } from '../engine-state.js';
import type { Client, Framework } from '../frameworks/framework.js';
import type { Role } from '../roles/role.js';
import type { Blocker, ExplainRequest, Shape } from './explanation.js';

/** Who asks for resources: a framework in a role, or somebody who might come. */
export interface Asker {
  /** As the cycle knows it; of somebody who might come, as it would know them. Not in any sorter then. */
  readonly client: Client;
  readonly shape: Shape | undefined;
  /** What keeps everything from it, wherever. */
  readonly blockers: readonly Blocker[];
}

export function askerOf(state: EngineState, asker: ExplainRequest['asker']): Asker {
  const role = state.roles.find(asker.role) ?? roleToBe(state, asker.role);
  if ('shape' in asker) {
    return { client: newcomer(state, role, asker.shape), shape: asker.shape, blockers: [] };
  }
  const framework = state.frameworks.get(asker.frameworkId);
  if (framework === undefined || !framework.isKnown) {
    const client = clientToBe(role, frameworkToBe(asker.frameworkId));
    return { client, shape: undefined, blockers: [{ code: 'framework.removed' }] };
  }
  const client = framework.clients.get(asker.role) ?? clientToBe(role, framework);
  return { client, shape: undefined, blockers: ownBlockers(framework, asker.role) };
}

function ownBlockers(framework: Framework, role: string): Blocker[] {
  const blockers: Blocker[] = [];
  if (!framework.isActive) blockers.push({ code: 'framework.inactive' });
  if (!framework.subscribed.has(role)) blockers.push({ code: 'role.not_subscribed', roles: [...framework.subscribed] });
  else if (framework.suppressed.has(role)) blockers.push({ code: 'role.suppressed' });
  return blockers;
}

/** Can handle what any framework of today can, and gpus if it wants some; cannot handle what needs care of its own. */
function newcomer({ options }: EngineState, role: Role, shape: Shape): Client {
  let refused: number = AGENT_TRAITS.isRemote | AGENT_TRAITS.lacksMultiRole;
  const wantsGpus = shape.quantities.get('gpus') > 0;
  if ((options.filterGpus ?? true) && !wantsGpus) refused |= AGENT_TRAITS.hasGpus;
  return clientToBe(role, { ...frameworkToBe(''), refusedTraits: refused, stripsRefined: false });
}

function clientToBe(role: Role, framework: Framework): Client {
  const nested = role.parent !== undefined ? AGENT_TRAITS.lacksHierarchicalRole : 0;
  return {
    framework,
    role,
    leaf: undefined,
    isActive: true,
    refusedTraits: framework.refusedTraits | nested,
    holds: [],
    filters: [],
    minimums: undefined,
    constraints: undefined,
    changedAt: 0,
    number: 0,
  };
}

function frameworkToBe(id: string): Framework {
  return {
    id,
    isKnown: false,
    isActive: true,
    refusedTraits: 0,
    stripsShared: true,
    stripsRevocable: true,
    stripsRefined: true,
    subscribed: new Set(),
    suppressed: new Set(),
    clients: new Map(),
  };
}

/** A role that nobody has used yet, without making it known. */
function roleToBe(state: EngineState, name: string): Role {
  const ancestors = roleAncestors(name);
  const parentName = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : undefined;
  const parent = parentName === undefined ? undefined : (state.roles.find(parentName) ?? roleToBe(state, parentName));
  const role: Omit<Role, 'top'> & { top: Role | undefined } = {
    name,
    lineage: [name, ...ancestors],
    parent,
    top: parent?.top,
    children: 0,
    clients: new Map(),
    pins: 0,
    sorter: undefined,
    leaf: undefined,
    activeClients: 0,
    weight: 1,
    quota: undefined,
    reservations: 0,
    reserved: [],
    unreservedHeld: [],
    changedAt: 0,
  };
  role.top ??= role as Role;
  return role as Role;
}
