import { readId } from '../../parse/fields.js';
import { readRoles } from '../../parse/parse-values.js';
import { knownFramework } from '../known.js';
import type { Verb } from '../verb.js';
import { checkSuppressed, mergeFramework, readFramework } from './read-framework.js';

/** A framework says something else of itself (allocation rule A66). */
export const updateFramework: Verb = {
  name: 'updateFramework',
  parse(fields) {
    const id = fields.required('id', readId);
    const newRoles = fields.optional('roles', readRoles);
    const said = readFramework(fields);
    return (simulation) => {
      const framework = knownFramework(simulation, fields, 'id', id);
      const before = framework.spec;
      const roles = newRoles ?? before.roles;
      checkSuppressed(fields, roles, said.suppressedRoles);
      framework.spec = mergeFramework(before, roles, said);
      simulation.engine.updateFramework(framework.spec);
      const offers = simulation.offers.find({ frameworkId: id });
      simulation.rescind(offers.filter(({ role }) => before.roles.includes(role) && !roles.includes(role)));
    };
  },
};
