import { readFinite } from '../../parse/fields.js';
import { readRole } from '../../parse/parse-values.js';
import type { Verb } from '../verb.js';

/** A role counts more, or less, than others (allocation rule A74). */
export const setWeight: Verb = {
  name: 'setWeight',
  parse(fields) {
    const role = fields.required('role', readRole);
    const weight = fields.required('weight', readFinite);
    if (weight <= 0) throw fields.fault('weight', `must be above zero, found ${weight}`);
    return (simulation) => {
      simulation.engine.setWeight(role, weight);
      if (simulation.engine.view.isTracked(role)) simulation.rescindAll({});
    };
  },
};
