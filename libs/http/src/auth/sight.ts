import type { AclActionName } from '@tranche/config';
import type { Resource } from '@tranche/mesos-api';
import { mayAll, type Permits } from './permits.js';

/** What of the cluster somebody may see who may not see all of it. */
export interface Sight {
  /** @param user of the framework */
  readonly framework: (user: string) => boolean;
  /**
   * A task of a framework that may not be seen is not seen, whoever it runs as.
   *
   * @param user as whom it runs
   * @param frameworkUser of its framework; undefined: that is forgotten, and may be seen by who may see all
   */
  readonly task: (user: string, frameworkUser: string | undefined) => boolean;
  /** As a task. */
  readonly executor: (user: string, frameworkUser: string | undefined) => boolean;
  readonly role: (role: string) => boolean;
  /** One that is reserved to, or allocated to, roles that may not be seen is not seen. */
  readonly resource: (resource: Resource) => boolean;
}

const VIEWS: readonly AclActionName[] = ['view_frameworks', 'view_tasks', 'view_executors', 'view_roles'];

/** @returns undefined for who may see everything: it is shown what is kept for all. @source formats §8.2, operator API §2 */
export function sightOf(permits: Permits): Sight | undefined {
  if (mayAll(permits, VIEWS)) return undefined;
  const ofFramework = (user: string | undefined): boolean => permits.may('view_frameworks', user);
  const role = (name: string): boolean => permits.may('view_roles', name);
  return {
    framework: ofFramework,
    task: (user, frameworkUser) => ofFramework(frameworkUser) && permits.may('view_tasks', user),
    executor: (user, frameworkUser) => ofFramework(frameworkUser) && permits.may('view_executors', user),
    role,
    resource: ({ role: old, reservations = [], allocation_info }) =>
      (old === undefined || old === '*' || role(old)) &&
      reservations.every((reservation) => role(reservation.role ?? '*')) &&
      (allocation_info?.role === undefined || role(allocation_info.role)),
  };
}
