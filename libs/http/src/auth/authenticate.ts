import { type AuthSettings, authorizerOf, parseCredentials } from '@tranche/config';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PathKind } from '../mesos-paths.js';
import { problem } from '../problem.js';
import { sendRefusal } from '../reply.js';
import { Credentials } from './credentials.js';
import { isOwnLook } from './own-look.js';
import { givePermits, permitsFor } from './permits.js';
import { type Access, accessOf, realmOf } from './realms.js';

const principals = new WeakMap<FastifyRequest, string>();

/** Who a request comes from; undefined when it was not asked for credentials. */
export const principalOf = (request: FastifyRequest): string | undefined => principals.get(request);

/**
 * Has every request show credentials where the settings want them: 401 in Mesos' words otherwise, a problem below `/v1`. What it may do is
 * decided by the ACLs, where it is known what it is done to.
 *
 * @source formats §8.1 and §8.2, recorded exchange 16
 */
export function authenticate(fastify: FastifyInstance, settings: AuthSettings, kind: PathKind): void {
  const known = parseCredentials(settings.authCredentials) ?? [];
  const authorizer = authorizerOf(settings);
  if (known.length === 0 && authorizer.isOpen) return;
  const credentials = new Credentials(known);
  const asked = askedAccesses(settings);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isOwnLook()) return done();
    const access = accessOf(kind, request.method, servedPath(request));
    if (access === undefined) return done();
    const isAsked = known.length > 0 && asked[access];
    const principal =
      isAsked || !authorizer.isOpen ? credentials.principalOf(request.headers.authorization) : undefined;
    if (!authorizer.isOpen) givePermits(request, permitsFor(authorizer, principal));
    if (!isAsked) return done();
    if (principal === undefined) return refuseCaller(request, reply, realmOf(kind, access));
    principals.set(request, principal);
    done();
  });
}

/** The route that answers: a path can be written in many ways, `/%73tate` for one. Of what nobody answers the path as it is. */
export const servedPath = ({ routeOptions, url }: FastifyRequest): string =>
  routeOptions.url ?? url.replace(/[?#].*$/s, '');

/** What credentials are asked for, where there are any. */
export const askedAccesses = (settings: AuthSettings): Readonly<Record<Access, boolean>> => ({
  readonly: settings.authReadonly,
  readwrite: settings.authReadwrite,
  scheduler: settings.authFrameworks,
});

export function refuseCaller(request: FastifyRequest, reply: FastifyReply, realm: string): void {
  const headers = { 'www-authenticate': `Basic realm="${realm}"` };
  if (!request.url.startsWith('/v1/')) {
    return sendRefusal(reply, { status: 401, headers, body: '401 Unauthorized.' });
  }
  const given = request.headers.authorization === undefined ? 'none were sent' : 'those that were sent are not known';
  const detail = `credentials are asked for, and ${given}`;
  const hints = ['set TRANCHE_USER and TRANCHE_PASSWORD, or TRANCHE_TOKEN'];
  const body = problem(401, 'auth.required', 'Credentials are needed', detail, { hints });
  void reply.code(401).headers(headers).header('content-type', 'application/problem+json').send(JSON.stringify(body));
}
