import type { FrameworkInfo, FrameworkInfoCapabilityType } from '../generated/mesos.js';

/** What a framework says that it can deal with; types that are not known are left out. */
export function capabilitiesOf(framework: FrameworkInfo): ReadonlySet<FrameworkInfoCapabilityType> {
  return new Set((framework.capabilities ?? []).flatMap(({ type }) => (type === undefined ? [] : [type])));
}

/** Roles that a framework is in: `roles` if it is MULTI_ROLE, else `role`, by default `*`. */
export function rolesOf(framework: FrameworkInfo): readonly string[] {
  return capabilitiesOf(framework).has('MULTI_ROLE') ? (framework.roles ?? []) : [framework.role ?? '*'];
}
