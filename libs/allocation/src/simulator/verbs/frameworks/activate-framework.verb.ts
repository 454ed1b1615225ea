import { readId } from '../../parse/fields.js';
import { knownFramework } from '../known.js';
import type { Verb } from '../verb.js';

/** A framework takes offers again (allocation rule A65). */
export const activateFramework: Verb = {
  name: 'activateFramework',
  parse(fields) {
    const frameworkId = fields.required('id', readId);
    return (simulation) => {
      knownFramework(simulation, fields, 'id', frameworkId).isActive = true;
      simulation.engine.setFrameworkActive(frameworkId, true);
    };
  },
};
