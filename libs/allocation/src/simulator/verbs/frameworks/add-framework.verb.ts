import { readBoolean, readId } from '../../parse/fields.js';
import { readRoles } from '../../parse/parse-values.js';
import type { Verb } from '../verb.js';
import { checkSuppressed, mergeFramework, readFramework } from './read-framework.js';

/** What frameworks can do unless they say otherwise. */
const DEFAULT_CAPABILITIES = ['MULTI_ROLE', 'RESERVATION_REFINEMENT'];

/** A framework subscribes (allocation rule A62). */
export const addFramework: Verb = {
  name: 'addFramework',
  parse(fields) {
    const id = fields.required('id', readId);
    const roles = fields.required('roles', readRoles);
    const said = readFramework(fields);
    const isActive = fields.optional('active', readBoolean) ?? true;
    checkSuppressed(fields, roles, said.suppressedRoles);
    const spec = mergeFramework({ id, roles, suppressedRoles: [], capabilities: DEFAULT_CAPABILITIES }, roles, said);
    return (simulation) => {
      if (simulation.frameworks.has(id)) {
        throw fields.fault('id', `there is a framework ${JSON.stringify(id)} already`);
      }
      simulation.frameworks.set(id, { spec, isActive });
      simulation.seenFrameworks.add(id);
      simulation.engine.addFramework(spec, isActive);
    };
  },
};
