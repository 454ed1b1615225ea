import {
  ACL_ACTION_NAMES,
  ACL_ACTIONS,
  type AuthSettings,
  type Authorizer,
  authorizerOf,
  OPEN_AUTHORIZER,
  parseCredentials,
} from '@tranche/config';
import type { CallerView, PermissionView } from '@tranche/contracts';
import type { FastifyInstance } from 'fastify';
import type { PathKind } from '../mesos-paths.js';
import { askedAccesses, refuseCaller } from './authenticate.js';
import { Credentials } from './credentials.js';
import { type Access, realmOf } from './realms.js';

const MAY: readonly (readonly [CallerView['may'][number], Access])[] = [
  ['read', 'readonly'],
  ['write', 'readwrite'],
  ['frameworks', 'scheduler'],
];

export interface WhoamiOptions {
  readonly service: string;
  readonly paths: PathKind;
  readonly auth?: AuthSettings;
}

/**
 * `GET /v1/whoami`: whose credentials a request bears, what they are good for, and what the ACLs permit.
 *
 * Credentials that are shown are looked at also where nobody asks for them to read: who wants to know whether his are right is told.
 */
export function serveWhoami(fastify: FastifyInstance, { service, paths, auth }: WhoamiOptions): void {
  const known = auth === undefined ? [] : (parseCredentials(auth.authCredentials) ?? []);
  const credentials = new Credentials(known);
  const authorizer = auth === undefined ? OPEN_AUTHORIZER : authorizerOf(auth);
  const asked = auth === undefined ? undefined : askedAccesses(auth);
  const isOpen = (access: Access): boolean => known.length === 0 || asked?.[access] !== true;
  fastify.get('/v1/whoami', (request, reply) => {
    const { authorization } = request.headers;
    const principal = credentials.principalOf(authorization);
    if (known.length > 0 && authorization !== undefined && principal === undefined) {
      return refuseCaller(request, reply, realmOf(paths, 'readonly'));
    }
    const may = MAY.filter(([word, access]) => {
      const isServed = paths === 'cluster' || word !== 'frameworks';
      return isServed && (principal !== undefined || isOpen(access));
    });
    const shown: CallerView = {
      service,
      ...(principal === undefined ? {} : { principal }),
      authentication:
        principal === undefined ? 'none' : authorization?.startsWith('Bearer ') === true ? 'bearer' : 'basic',
      may: may.map(([word]) => word),
      ...(authorizer.isOpen ? {} : { permissions: permissionsOf(authorizer, principal) }),
    };
    void reply.send(shown);
  });
}

const permissionsOf = (authorizer: Authorizer, principal: string | undefined): PermissionView[] =>
  ACL_ACTION_NAMES.toSorted().map((action) => {
    const { may, ...some } = authorizer.scopeOf(principal, action);
    const named = Object.fromEntries(Object.entries(some).map(([word, objects]) => [word, [...objects]]));
    return { action, objects: ACL_ACTIONS[action].objects, may, ...named };
  });
