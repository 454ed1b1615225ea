import type { AgentSpec } from '../../../engine.js';
import { type Fields, readId } from '../../parse/fields.js';
import { readAgentCapabilities } from '../../parse/parse-capabilities.js';
import { readAttributes, readDomain, readResources, readUnavailability } from '../../parse/parse-values.js';
import type { Verb, VerbContext } from '../verb.js';
import { holdingsOf, readUsed } from './read-used.js';

/** What agents can do unless they say otherwise. */
const DEFAULT_CAPABILITIES = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'];

/** An agent comes, perhaps with tasks running on it (allocation rule A34). */
export const addAgent: Verb = {
  name: 'addAgent',
  parse(fields, context) {
    const agent = readAgent(fields, context);
    const used = readUsed(fields);
    const held = holdingsOf(agent.id, used, agent.resources, ({ resources }, i) => {
      throw fields.fault(`used[${i}].resources`, `${resources.toText()} is more than there is`);
    });
    return (simulation) => {
      const { id } = agent;
      if (simulation.agents.has(id)) throw fields.fault('id', `there is an agent ${JSON.stringify(id)} already`);
      simulation.agents.set(id, agent);
      simulation.seenAgents.add(id);
      for (const holding of held) {
        simulation.inUse.add(holding);
        simulation.seenFrameworks.add(holding.frameworkId);
      }
      simulation.engine.addAgent(agent, held);
    };
  },
};

function readAgent(fields: Fields, context: VerbContext): AgentSpec {
  const id = fields.required('id', readId);
  const unavailability = fields.optional('unavailability', readUnavailability);
  const domain = readAgentDomain(fields, context);
  return {
    id,
    resources: fields.required('resources', readResources),
    hostname: fields.optional('hostname', readId) ?? id,
    attributes: fields.optional('attributes', readAttributes) ?? [],
    capabilities: fields.optional('capabilities', readAgentCapabilities) ?? DEFAULT_CAPABILITIES,
    ...(domain && { domain }),
    ...(unavailability && { unavailability }),
  };
}

/** The field `domain`, which makes sense only when the cluster manager has one, too. */
export function readAgentDomain(fields: Fields, { hasDomain }: VerbContext): AgentSpec['domain'] {
  const domain = fields.optional('domain', readDomain);
  if (domain !== undefined && !hasDomain)
    throw fields.fault('domain', 'needs options.domain, that of the cluster manager');
  return domain;
}
