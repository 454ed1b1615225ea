import { ACL_ACTION_NAMES, ACL_ACTIONS, type AclActionName } from './acl-actions.js';
import { type AclEntity, type AclEntry, type Acls, parseAcls } from './parse-acls.js';

/** What of an action somebody may do. */
export type AclScope =
  | { readonly may: 'all' }
  | { readonly may: 'none' }
  /** Those objects, or all but those; with `eng/%` for every role below `eng`. */
  | { readonly may: 'some'; readonly only: readonly string[] }
  | { readonly may: 'some'; readonly except: readonly string[] };

/** Decides who may do what. Pure: the same question has the same answer for as long as it lives. */
export interface Authorizer {
  /** Whether there are no ACLs at all: every question is answered yes. */
  readonly isOpen: boolean;
  /**
   * @param principal undefined: who asks was not asked for credentials
   * @param object undefined: the action has no object of its own
   */
  may(principal: string | undefined, action: AclActionName, object?: string): boolean;
  scopeOf(principal: string | undefined, action: AclActionName): AclScope;
}

/** Whether a principal may do everything to everything: one that a local cluster best checks itself as. */
export const mayEverything = (authorizer: Authorizer, principal: string): boolean =>
  authorizer.isOpen || ACL_ACTION_NAMES.every((action) => authorizer.scopeOf(principal, action).may === 'all');

/** Where there are no ACLs. */
export const OPEN_AUTHORIZER: Authorizer = {
  isOpen: true,
  may: () => true,
  scopeOf: () => ({ may: 'all' }),
};

/** @param text of `AUTH_ACLS`, which the start has checked. @throws TypeError for one that it has not */
export function authorizerOf({ authAcls }: { readonly authAcls: string }): Authorizer {
  const parsed = parseAcls(authAcls);
  if (!parsed.ok) throw new TypeError(`the ACLs were not checked: ${parsed.mistakes.join('; ')}`);
  return parsed.acls === undefined ? OPEN_AUTHORIZER : new LocalAuthorizer(parsed.acls);
}

/**
 * Mesos' `local` authorizer: the first entry of the action that is about who asks, and about what, decides.
 *
 * Mesos first divides an entry with several role values into one for each `/%` value and one with the rest. Requests name one object, so that
 * one entry of all of them decides the same.
 *
 * @source formats §8.2
 */
export class LocalAuthorizer implements Authorizer {
  readonly isOpen = false;
  private readonly scopes = new Map<string, AclScope>();

  constructor(private readonly acls: Acls) {}

  may(principal: string | undefined, action: AclActionName, object?: string): boolean {
    const entry = this.entriesOf(action).find(
      ({ principals, objects }) => matches(principals, principal) && matches(objects, object, isOfRoles(action)),
    );
    if (entry === undefined) return this.acls.permissive;
    return allows(entry.principals, principal) && allows(entry.objects, object, isOfRoles(action));
  }

  /** Remembered, as lists are asked for it at each read. Principals are those of the credentials: there are few. */
  scopeOf(principal: string | undefined, action: AclActionName): AclScope {
    const key = JSON.stringify([action, principal]);
    const scope = this.scopes.get(key) ?? this.findScope(principal, action);
    this.scopes.set(key, scope);
    return scope;
  }

  /** Objects that no entry tells apart are one: each that entries name, what is below a `/%`, and all that nobody names, which is decided as none at all is. */
  private findScope(principal: string | undefined, action: AclActionName): AclScope {
    const named = [...new Set(this.entriesOf(action).flatMap(({ objects }) => objects.values))].toSorted();
    const isAllowed = (value: string): boolean =>
      this.may(principal, action, isOfRoles(action) && isBelow(value) ? value.replace(/%$/, NOBODY) : value);
    const [yes, no] = [named.filter(isAllowed), named.filter((value) => !isAllowed(value))];
    const ofOthers = this.may(principal, action);
    if (ACL_ACTIONS[action].kind === 'whole' || ACL_ACTIONS[action].kind === 'gone') {
      return { may: ofOthers ? 'all' : 'none' };
    }
    if (ofOthers) return no.length === 0 ? { may: 'all' } : { may: 'some', except: no };
    return yes.length === 0 ? { may: 'none' } : { may: 'some', only: yes };
  }

  private entriesOf(action: AclActionName): readonly AclEntry[] {
    return this.acls.entries[action] ?? [];
  }
}

/** A name that no entry has: no role, user or principal has such a character. */
const NOBODY = '\u0000';

const isOfRoles = (action: AclActionName): boolean => ACL_ACTIONS[action].kind === 'roles';

const isBelow = (value: string): boolean => value.endsWith('/%');

/** @param asked undefined: ANY */
function matches({ type, values }: AclEntity, asked: string | undefined, isRole = false): boolean {
  return type !== 'SOME' || (asked !== undefined && values.some((value) => isOf(value, asked, isRole)));
}

function allows(entity: AclEntity, asked: string | undefined, isRole = false): boolean {
  return entity.type === 'ANY' || (entity.type === 'SOME' && matches(entity, asked, isRole));
}

const isOf = (value: string, asked: string, isRole: boolean): boolean =>
  value === asked || (isRole && isBelow(value) && asked.startsWith(value.slice(0, -1)) && asked.length >= value.length);
