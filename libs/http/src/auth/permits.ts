import { ACL_ACTIONS, type AclActionName, type AclScope, type Authorizer, OPEN_AUTHORIZER } from '@tranche/config';
import type { FastifyRequest } from 'fastify';
import { type Problem, problem } from '../problem.js';
import { ProblemError } from '../problem.errors.js';

/** What one caller may do. */
export interface Permits {
  /** Absent: the caller was not asked for credentials. */
  readonly principal?: string | undefined;
  /** Whether nothing is forbidden to anybody, as there are no ACLs: what is kept for everybody may be shown. */
  readonly isOpen: boolean;
  readonly may: (action: AclActionName, object?: string) => boolean;
  readonly scopeOf: (action: AclActionName) => AclScope;
  /** Why the caller's change is not to be made though it is permitted: what is to be changed is not what the caller takes it for. */
  readonly unmet?: Problem;
}

export const permitsFor = (authorizer: Authorizer, principal: string | undefined): Permits => ({
  principal,
  isOpen: authorizer.isOpen,
  may: (action, object) => authorizer.may(principal, action, object),
  scopeOf: (action) => authorizer.scopeOf(principal, action),
});

/** Where there are no ACLs. */
export const OPEN_PERMITS: Permits = permitsFor(OPEN_AUTHORIZER, undefined);

const permits = new WeakMap<FastifyRequest, Permits>();

/** What the caller of a request may do. */
export const permitsOf = (request: FastifyRequest): Permits => permits.get(request) ?? OPEN_PERMITS;

export const givePermits = (request: FastifyRequest, given: Permits): void => void permits.set(request, given);

/** Whether all of these actions may be done to whatever there is: nothing has to be left out. */
export const mayAll = ({ isOpen, scopeOf }: Permits, actions: readonly AclActionName[]): boolean =>
  isOpen || actions.every((action) => scopeOf(action).may === 'all');

/** One thing that a request is about to do; without an object when the action has none of its own. */
export type AskedAction = readonly [action: AclActionName, object?: string | undefined];

/** The first of several things that may not be done; undefined when all may. */
export const deniedOf = (given: Permits, asked: readonly AskedAction[]): AskedAction | undefined =>
  given.isOpen ? undefined : asked.find(([action, object]) => !given.may(action, object));

/** Whether all of it may be done. */
export const mayDo = (given: Permits, ...asked: readonly AskedAction[]): boolean =>
  deniedOf(given, asked) === undefined;

/**
 * For `/v1`. A change asks for all that it needs at once, before anything is changed: behind that its condition is held, `If-Match`, which would
 * tell of what it is held against.
 *
 * @throws ProblemError 403 naming the first thing that may not be done; 412 when the condition does not hold
 */
export function demand(given: Permits, ...asked: readonly AskedAction[]): void {
  const denied = deniedOf(given, asked);
  if (denied !== undefined) throw new ProblemError(notPermitted(given, denied));
  if (given.unmet !== undefined) throw new ProblemError(given.unmet);
}

/** For what shows so much that it cannot be filtered. @throws ProblemError 403 naming the first action that is not permitted for all there is */
export function demandAll(given: Permits, actions: readonly AclActionName[]): void {
  const denied = actions.find((action) => !mayAll(given, [action]));
  if (denied === undefined) return;
  const { objects } = ACL_ACTIONS[denied];
  throw new ProblemError(notPermitted(given, [denied], ` of all ${objects.replaceAll('_', ' ')}`));
}

/** The 403 of `/v1`: who may not do what, to what. */
export function notPermitted(
  { principal, scopeOf }: Permits,
  [action, object]: AskedAction,
  what = object === undefined ? '' : ` of ${nounOf(action)} ${JSON.stringify(object)}`,
): Problem {
  const who = principal === undefined ? 'a caller without credentials' : `principal ${JSON.stringify(principal)}`;
  const detail = `${who} may not ${action}${what}`;
  const hints = [
    `${describeScope(action, scopeOf(action))}; tranche config whoami lists all`,
    'the ACLs of the cluster, AUTH_ACLS, are its operator’s to change',
  ];
  return problem(403, 'auth.not_permitted', 'Not permitted', detail, { hints });
}

/** What is counted in the plural in the ACLs: `roles` is a role. */
const nounOf = (action: AclActionName): string => ACL_ACTIONS[action].objects.replaceAll('_', ' ').replace(/s$/, '');

function describeScope(action: AclActionName, scope: AclScope): string {
  const { objects } = ACL_ACTIONS[action];
  if (scope.may !== 'some') return `${action} is permitted for ${scope.may === 'all' ? 'all' : 'no'} ${objects}`;
  return 'only' in scope
    ? `${action} is permitted for the ${objects} ${scope.only.join(', ')}`
    : `${action} is permitted for all ${objects} but ${scope.except.join(', ')}`;
}
