import type { Verb } from '../verb.js';

/** A cycle over all agents, now. It is no batch cycle: refusals do not count it. */
export const allocate: Verb = {
  name: 'allocate',
  parse() {
    return (simulation) => {
      simulation.cycle('all');
    };
  },
};
