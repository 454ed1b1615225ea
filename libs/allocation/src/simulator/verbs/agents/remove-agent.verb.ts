import { readId } from '../../parse/fields.js';
import { knownAgent } from '../known.js';
import type { Verb } from '../verb.js';

/** An agent goes, and all that was there (allocation rule A34). */
export const removeAgent: Verb = {
  name: 'removeAgent',
  parse(fields) {
    const agentId = fields.required('id', readId);
    return (simulation) => {
      knownAgent(simulation, fields, 'id', agentId);
      simulation.rescindAll({ agentId });
      simulation.forgetInverseOffers({ agentId });
      simulation.agents.delete(agentId);
      simulation.inUse.dropAgent(agentId);
      simulation.engine.removeAgent(agentId);
    };
  },
};
