import { equalByName, Resources } from '@tranche/resources';
import { tableOf } from '../parse/fields.js';
import { readResources } from '../parse/parse-values.js';
import { ScenarioFault } from '../scenario.errors.js';
import { difference, type Expectation } from './expectation.js';

/** What is free on agents; nothing, on one that has gone. */
export const availableExpectation: Expectation = {
  field: 'available',
  parse(value, path) {
    const expected = tableOf(readResources)(value, path);
    return ({ simulation }) =>
      [...expected].flatMap(([id, resources]) => {
        if (!simulation.seenAgents.has(id)) throw new ScenarioFault(`${path}.${id}`, 'unknown agent');
        const found = simulation.engine.view.available(id) ?? Resources.EMPTY;
        return difference(`available.${id}`, equalByName(resources, found), resources.toText(), found.toText());
      });
  },
};
