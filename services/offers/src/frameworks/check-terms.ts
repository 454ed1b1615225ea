import { isIn } from '@tranche/contracts';
import { type SchedulerOfferConstraints, validateFrameworkInfo } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import { constraintsError } from './check-constraints.js';
import { registrationDenial } from './check-permits.js';
import type { Framework, FrameworkTerms } from './framework.js';

/**
 * Why a scheduler may not subscribe so, in Mesos' words and order: the message of the ERROR event.
 *
 * @param roles that it would be subscribed to
 * @source scheduler API §3.1
 */
export function subscriptionError(
  { state, authorizer }: Pick<OffersContext, 'state' | 'authorizer'>,
  frameworkId: string,
  terms: FrameworkTerms,
  roles: readonly string[],
): string | undefined {
  const invalid = validateFrameworkInfo(terms.info);
  if (invalid !== undefined) return invalid;
  // Nobody sends it here: a second owner would launch and kill beside the first.
  if (frameworkId !== '' && !isIn(state.partition, frameworkId)) return 'Framework belongs to another partition';
  if (state.frameworks.completed(frameworkId) !== undefined) return 'Framework has been removed';
  const known = state.frameworks.get(frameworkId);
  return (
    rolesError(roles, terms.suppressedRoles, terms.offerConstraints) ??
    registrationDenial(authorizer, frameworkId, terms.info, roles) ??
    principalError(known, terms)
  );
}

/** Rules 9 and 10: suppression and constraints are for roles that the framework has, and well-formed. */
export function rolesError(
  roles: readonly string[],
  suppressedRoles: readonly string[],
  offerConstraints: SchedulerOfferConstraints | undefined,
): string | undefined {
  const strangers = suppressedRoles.filter((role) => !roles.includes(role));
  if (strangers.length > 0) {
    const listed = [...new Set(strangers)].toSorted().join(', ');
    return `Suppressed roles { ${listed} } are not contained in the set of roles`;
  }
  const constrained = Object.keys(offerConstraints?.role_constraints ?? {});
  const stranger = constrained.find((role) => !roles.includes(role));
  if (stranger !== undefined) {
    return `Offer constraints specify \`role_constraints\` for a role '${stranger}'not contained in the set of roles`;
  }
  const malformed = offerConstraints === undefined ? undefined : constraintsError(offerConstraints);
  return malformed === undefined ? undefined : `Offer constraints are not valid: ${malformed}`;
}

/** Rule 12. Nothing of the old principal is told to who asks with another. */
export function principalError(known: Framework | undefined, { info }: FrameworkTerms): string | undefined {
  if (known === undefined || known.record.info.principal === info.principal) return undefined;
  return "Changing framework's principal is not allowed.";
}
