import type { Verb } from '../verb.js';
import { readSubscribedRoles } from './subscribed-roles.js';

/** A framework wants offers again, also those that it refused (allocation rule A64). */
export const revive: Verb = {
  name: 'revive',
  parse(fields) {
    const find = readSubscribedRoles(fields);
    return (simulation) => {
      const { framework, roles } = find(simulation);
      const { spec } = framework;
      framework.spec = { ...spec, suppressedRoles: spec.suppressedRoles.filter((role) => !roles.includes(role)) };
      simulation.engine.revive(spec.id, roles);
    };
  },
};
