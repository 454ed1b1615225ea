import { resolveReference, Resources } from '@tranche/resources';
import type { AgentSpec, Domain, Holding, Unavailability } from '../../engine.js';
import { agentCapabilities, DEFAULT_AGENT_CAPABILITIES } from '../scenario/capabilities.js';
import { type Fields, listOf, nullable, objectOf } from '../scenario/fields.js';
import { attributes, domain, id, resources, role, secondsAsNs, text } from '../scenario/values.js';
import type { World } from '../world/world.js';
import type { Verb } from './verb.js';

interface Used {
  readonly framework: string;
  readonly role: string;
  readonly resources: Resources;
}

const usedList = listOf(
  objectOf(
    (fields: Fields): Used => ({
      framework: fields.required('framework', id),
      role: fields.required('role', role),
      resources: fields.required('resources', resources),
    }),
  ),
);

const window = objectOf(
  (fields: Fields): Unavailability => ({
    startNs: fields.required('start', secondsAsNs),
    durationNs: fields.optional('duration', secondsAsNs),
  }),
);

const addAgent: Verb = {
  name: 'addAgent',
  read(fields) {
    const agentId = fields.required('id', id);
    const spec: AgentSpec = {
      id: agentId,
      resources: fields.required('resources', resources),
      hostname: fields.optional('hostname', text) ?? agentId,
      attributes: fields.optional('attributes', attributes) ?? [],
      domain: fields.optional('domain', domain),
      capabilities: fields.optional('capabilities', agentCapabilities) ?? DEFAULT_AGENT_CAPABILITIES,
      unavailability: fields.optional('unavailability', window),
    };
    const used = fields.optional('used', usedList) ?? [];
    return (world) => {
      if (world.agents.has(agentId)) throw world.fault('id', `agent ${agentId} exists already`);
      checkDomain(world, spec.domain);
      world.agents.set(agentId, spec);
      world.engine.addAgent(spec, recordUse(world, agentId, spec.resources, used));
      world.cycle();
    };
  },
};

const updateAgent: Verb = {
  name: 'updateAgent',
  read(fields) {
    const agentId = fields.required('id', id);
    const change = {
      resources: fields.optional('resources', resources),
      attributes: fields.optional('attributes', attributes),
      domain: fields.optional('domain', domain),
      capabilities: fields.optional('capabilities', agentCapabilities),
      hostname: fields.optional('hostname', text),
    };
    return (world) => {
      const old = world.agent('id', agentId);
      checkDomain(world, change.domain);
      const total = world.engine.view.total(agentId) ?? old.resources;
      const spec: AgentSpec = {
        ...old,
        resources: change.resources ?? total,
        attributes: change.attributes ?? old.attributes,
        domain: change.domain ?? old.domain,
        capabilities: change.capabilities ?? old.capabilities,
        hostname: change.hostname ?? old.hostname,
      };
      world.agents.set(agentId, spec);
      if (!spec.resources.revocable().equals(total.revocable())) {
        for (const offer of world.offersOf({ agent: agentId })) {
          if (!offer.resources.revocable().isEmpty) world.rescind(offer);
        }
      }
      world.engine.updateAgent(spec);
      world.cycle();
    };
  },
};

const removeAgent: Verb = {
  name: 'removeAgent',
  read: (fields) => {
    const agentId = fields.required('id', id);
    return (world) => {
      world.agent('id', agentId);
      takeOffersBack(world, agentId);
      world.inUse.forget({ agent: agentId });
      world.engine.removeAgent(agentId);
      world.agents.delete(agentId);
    };
  },
};

const deactivateAgent: Verb = {
  name: 'deactivateAgent',
  read: (fields) => {
    const agentId = fields.required('id', id);
    return (world) => {
      world.agent('id', agentId);
      world.engine.setAgentActive(agentId, false);
      takeOffersBack(world, agentId);
    };
  },
};

const activateAgent: Verb = {
  name: 'activateAgent',
  read: (fields) => {
    const agentId = fields.required('id', id);
    return (world) => {
      world.agent('id', agentId);
      world.engine.setAgentActive(agentId, true);
    };
  },
};

const addResourceProvider: Verb = {
  name: 'addResourceProvider',
  read(fields) {
    const agentId = fields.required('agent', id);
    const added = fields.required('resources', resources);
    const used = fields.optional('used', usedList) ?? [];
    return (world) => {
      world.agent('agent', agentId);
      world.engine.addResourceProvider(agentId, added, recordUse(world, agentId, added, used));
    };
  },
};

const setWhitelist: Verb = {
  name: 'setWhitelist',
  read(fields) {
    const hosts = fields.required('hosts', nullable(listOf(text)));
    return (world) => world.engine.setWhitelist(hosts ?? undefined);
  },
};

const setMaintenance: Verb = {
  name: 'setMaintenance',
  read(fields) {
    const agentId = fields.required('agent', id);
    const startNs = fields.optional('start', nullable(secondsAsNs)) ?? undefined;
    const durationNs = fields.optional('duration', nullable(secondsAsNs)) ?? undefined;
    return (world) => {
      world.agent('agent', agentId);
      takeOffersBack(world, agentId);
      world.engine.setMaintenance(agentId, startNs === undefined ? undefined : { startNs, durationNs });
      world.cycle();
    };
  },
};

export const AGENT_VERBS: readonly Verb[] = [
  addAgent,
  updateAgent,
  removeAgent,
  deactivateAgent,
  activateAgent,
  addResourceProvider,
  setWhitelist,
  setMaintenance,
];

function checkDomain(world: World, given: Domain | undefined): void {
  if (given !== undefined && world.options.domain === undefined) {
    throw world.fault('domain', 'needs options.domain, the one of the cluster manager');
  }
}

/** Rescinds the agent's offers and forgets its outstanding inverse offers. */
function takeOffersBack(world: World, agentId: string): void {
  for (const offer of world.offersOf({ agent: agentId })) world.rescind(offer);
  world.forgetInverseOffers((_, agent) => agent === agentId);
}

/** What is used means objects of the total, by key; what the total does not have is in use all the same (A29, A33). */
function recordUse(world: World, agentId: string, total: Resources, used: readonly Used[]): Holding[] {
  let free = total;
  return used.map((use) => {
    let meant = Resources.EMPTY;
    for (const resource of use.resources) {
      const single = Resources.of([resource]);
      const found = resolveReference(free, single) ?? single;
      meant = meant.plus(found);
      free = free.minus(found.nonShared());
    }
    world.inUse.add({ ...use, agent: agentId, resources: meant });
    return { frameworkId: use.framework, role: use.role, agentId, resources: meant };
  });
}
