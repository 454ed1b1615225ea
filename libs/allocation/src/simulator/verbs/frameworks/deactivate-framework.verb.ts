import { readId } from '../../parse/fields.js';
import { knownFramework } from '../known.js';
import type { Verb } from '../verb.js';

/** A framework takes no offers for now: it loses those that it has (allocation rule A65). */
export const deactivateFramework: Verb = {
  name: 'deactivateFramework',
  parse(fields) {
    const frameworkId = fields.required('id', readId);
    return (simulation) => {
      knownFramework(simulation, fields, 'id', frameworkId).isActive = false;
      simulation.engine.setFrameworkActive(frameworkId, false);
      simulation.rescindAll({ frameworkId });
      simulation.forgetInverseOffers({ frameworkId });
    };
  },
};
