import { readId } from '../../parse/fields.js';
import { knownFramework } from '../known.js';
import type { Verb } from '../verb.js';

/** A framework goes: everything it held is free, and nobody is told of its offers (allocation rule A68). */
export const removeFramework: Verb = {
  name: 'removeFramework',
  parse(fields) {
    const frameworkId = fields.required('id', readId);
    return (simulation) => {
      knownFramework(simulation, fields, 'id', frameworkId);
      for (const offer of simulation.offers.find({ frameworkId })) simulation.offers.remove(offer);
      simulation.forgetInverseOffers({ frameworkId });
      simulation.frameworks.delete(frameworkId);
      simulation.inUse.dropFramework(frameworkId);
      simulation.engine.removeFramework(frameworkId);
    };
  },
};
