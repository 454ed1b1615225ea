import { readId } from '../../parse/fields.js';
import { knownAgent } from '../known.js';
import type { Verb } from '../verb.js';

/** An agent takes part in cycles again, from the next one on (allocation rule A30). */
export const activateAgent: Verb = {
  name: 'activateAgent',
  parse(fields) {
    const agentId = fields.required('id', readId);
    return (simulation) => {
      knownAgent(simulation, fields, 'id', agentId);
      simulation.engine.setAgentActive(agentId, true);
    };
  },
};
