import { equalByName, type Resources } from '@tranche/resources';
import type { AgentSpec } from '../../../engine.js';
import { readId } from '../../parse/fields.js';
import { readAgentCapabilities } from '../../parse/parse-capabilities.js';
import { readAttributes, readResources } from '../../parse/parse-values.js';
import type { Simulation } from '../../simulation.js';
import { knownAgent } from '../known.js';
import type { Verb } from '../verb.js';
import { readAgentDomain } from './add-agent.verb.js';

/** An agent is other than before (allocation rules A32, A35). */
export const updateAgent: Verb = {
  name: 'updateAgent',
  parse(fields, context) {
    const id = fields.required('id', readId);
    const resources = fields.optional('resources', readResources);
    const attributes = fields.optional('attributes', readAttributes);
    const domain = readAgentDomain(fields, context);
    const capabilities = fields.optional('capabilities', readAgentCapabilities);
    const hostname = fields.optional('hostname', readId);
    return (simulation) => {
      const before = knownAgent(simulation, fields, 'id', id);
      const total = simulation.engine.view.total(id) as Resources;
      const agent: AgentSpec = {
        ...before,
        resources: resources ?? total,
        ...(attributes && { attributes }),
        ...(domain && { domain }),
        ...(capabilities && { capabilities }),
        ...(hostname !== undefined && { hostname }),
      };
      simulation.agents.set(id, agent);
      if (!equalByName(total.revocable(), agent.resources.revocable())) rescindRevocable(simulation, id);
      simulation.engine.updateAgent(agent);
    };
  },
};

/** A new estimate of what may be oversubscribed takes back what was offered by the old one. */
function rescindRevocable(simulation: Simulation, agentId: string): void {
  const offers = simulation.offers.find({ agentId });
  simulation.rescind(offers.filter(({ resources }) => !resources.revocable().isEmpty));
}
