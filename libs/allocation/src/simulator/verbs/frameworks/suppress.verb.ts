import type { Verb } from '../verb.js';
import { readSubscribedRoles } from './subscribed-roles.js';

/** A framework wants no offers in some roles (allocation rule A63). */
export const suppress: Verb = {
  name: 'suppress',
  parse(fields) {
    const find = readSubscribedRoles(fields);
    return (simulation) => {
      const { framework, roles } = find(simulation);
      const { spec } = framework;
      framework.spec = { ...spec, suppressedRoles: [...new Set([...spec.suppressedRoles, ...roles])] };
      if (roles.length > 0) simulation.engine.suppress(spec.id, roles);
    };
  },
};
