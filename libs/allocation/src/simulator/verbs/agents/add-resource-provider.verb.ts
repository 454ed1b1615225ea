import { Resources } from '@tranche/resources';
import { readId } from '../../parse/fields.js';
import { readResources } from '../../parse/parse-values.js';
import { knownAgent } from '../known.js';
import type { Verb } from '../verb.js';
import { holdingsOf, readUsed } from './read-used.js';

/** An agent has more than before, some of which may be in use already, even beyond what is added (allocation rule A33). */
export const addResourceProvider: Verb = {
  name: 'addResourceProvider',
  parse(fields) {
    const agentId = fields.required('agent', readId);
    const resources = fields.required('resources', readResources);
    const used = readUsed(fields);
    return (simulation) => {
      knownAgent(simulation, fields, 'agent', agentId);
      const free = simulation.engine.view.available(agentId) ?? Resources.EMPTY;
      const held = holdingsOf(agentId, used, resources.plus(free), (entry) => entry.resources);
      for (const holding of held) {
        simulation.inUse.add(holding);
        simulation.seenFrameworks.add(holding.frameworkId);
      }
      simulation.engine.addResourceProvider(agentId, resources, held);
    };
  },
};
