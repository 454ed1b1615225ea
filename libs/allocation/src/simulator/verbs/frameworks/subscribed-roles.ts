import { type Fields, readId } from '../../parse/fields.js';
import { readRoles } from '../../parse/parse-values.js';
import type { SimulatedFramework, Simulation } from '../../simulation.js';
import { knownFramework } from '../known.js';

/** A framework, and some of the roles that it is subscribed to. */
export interface RolesOfFramework {
  readonly framework: SimulatedFramework;
  /** All, when the step names none. */
  readonly roles: readonly string[];
}

/**
 * The fields `framework` and `roles`.
 *
 * @returns finds them once the step is reached; it throws `ScenarioFault` for a role that is not subscribed
 */
export function readSubscribedRoles(fields: Fields): (simulation: Simulation) => RolesOfFramework {
  const id = fields.required('framework', readId);
  const named = fields.optional('roles', readRoles) ?? [];
  return (simulation) => {
    const framework = knownFramework(simulation, fields, 'framework', id);
    const other = named.find((role) => !framework.spec.roles.includes(role));
    if (other !== undefined) throw fields.fault('roles', `${other} is not subscribed`);
    return { framework, roles: named.length > 0 ? named : framework.spec.roles };
  };
}
