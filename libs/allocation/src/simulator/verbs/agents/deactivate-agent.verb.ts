import { readId } from '../../parse/fields.js';
import { knownAgent } from '../known.js';
import type { Verb } from '../verb.js';

/** An agent takes no part in cycles for now (allocation rule A30). */
export const deactivateAgent: Verb = {
  name: 'deactivateAgent',
  parse(fields) {
    const agentId = fields.required('id', readId);
    return (simulation) => {
      knownAgent(simulation, fields, 'id', agentId);
      simulation.engine.setAgentActive(agentId, false);
      simulation.rescindAll({ agentId });
      simulation.forgetInverseOffers({ agentId });
    };
  },
};
