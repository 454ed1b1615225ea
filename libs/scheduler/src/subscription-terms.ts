import type { FrameworkInfo, SchedulerOfferConstraints } from '@tranche/mesos-api';

/** What a subscription, and each update of a framework, says beside the FrameworkInfo. The cluster replaces all of it each time. */
export interface SubscriptionTerms {
  /** Roles without offers, until `revive`. */
  suppressedRoles?: readonly string[];
  offerConstraints?: SchedulerOfferConstraints;
}

/** The members of SUBSCRIBE and UPDATE_FRAMEWORK; what is empty is left out. */
export const termsMembers = ({ suppressedRoles, offerConstraints }: SubscriptionTerms) => ({
  ...(suppressedRoles?.length && { suppressed_roles: [...suppressedRoles] }),
  ...(offerConstraints && { offer_constraints: offerConstraints }),
});

/** Roles as the cluster reads them: `*` for a framework that names none. */
export const rolesOf = ({ roles, role }: FrameworkInfo): readonly string[] => (roles?.length ? roles : [role ?? '*']);

/** After SUPPRESS. @param roles none means all */
export function suppressing(terms: SubscriptionTerms, framework: FrameworkInfo, roles: readonly string[]) {
  const chosen = roles.length > 0 ? roles : rolesOf(framework);
  return { ...terms, suppressedRoles: [...new Set([...(terms.suppressedRoles ?? []), ...chosen])] };
}

/** After REVIVE. @param roles none means all */
export function reviving(terms: SubscriptionTerms, roles: readonly string[]): SubscriptionTerms {
  const isKept = (role: string): boolean => roles.length > 0 && !roles.includes(role);
  return { ...terms, suppressedRoles: (terms.suppressedRoles ?? []).filter(isKept) };
}

/** The terms for other roles: the cluster refuses suppression and constraints of roles that the framework does not have. */
export function termsFor(terms: SubscriptionTerms, framework: FrameworkInfo): SubscriptionTerms {
  const roles = rolesOf(framework);
  const constraints = Object.entries(terms.offerConstraints?.role_constraints ?? {});
  const kept = constraints.filter(([role]) => roles.includes(role));
  return {
    suppressedRoles: (terms.suppressedRoles ?? []).filter((role) => roles.includes(role)),
    ...(kept.length > 0 && { offerConstraints: { role_constraints: Object.fromEntries(kept) } }),
  };
}
