import { readBoolean, readId, readNumber } from '../../parse/fields.js';
import { knownAgent, knownFramework } from '../known.js';
import type { Verb } from '../verb.js';

/** A framework says whether it gives up an agent that is to be taken out of service (allocation rule A78). */
export const respondInverseOffer: Verb = {
  name: 'respondInverseOffer',
  parse(fields) {
    const frameworkId = fields.required('framework', readId);
    const agentId = fields.required('agent', readId);
    const isAccepted = fields.required('accept', readBoolean);
    const refuseSeconds = fields.optional('refuse', readNumber);
    return (simulation) => {
      knownFramework(simulation, fields, 'framework', frameworkId);
      knownAgent(simulation, fields, 'agent', agentId);
      if (!simulation.hasInverseOffer(frameworkId, agentId)) {
        throw fields.fault('framework', `${frameworkId} has no outstanding inverse offer for ${agentId}`);
      }
      simulation.answerInverseOffer(frameworkId, agentId, isAccepted, refuseSeconds);
    };
  },
};
