import { type AuthSettings, parseCredentials } from '@tranche/config';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PathKind } from '../mesos-paths.js';
import { problem } from '../problem.js';
import { sendRefusal } from '../reply.js';
import { Credentials } from './credentials.js';
import { type Access, accessOf, realmOf } from './realms.js';

const principals = new WeakMap<FastifyRequest, string>();

/** Who a request comes from; undefined when it was not asked for credentials. */
export const principalOf = (request: FastifyRequest): string | undefined => principals.get(request);

/**
 * Has every request show credentials where the settings want them: 401 in Mesos' words otherwise, a problem below `/v1`.
 *
 * @source formats §8.1, recorded exchange 16
 */
export function authenticate(fastify: FastifyInstance, settings: AuthSettings, kind: PathKind): void {
  const known = parseCredentials(settings.authCredentials) ?? [];
  if (known.length === 0) return;
  const credentials = new Credentials(known);
  const asked = askedAccesses(settings);
  fastify.addHook('onRequest', (request, reply, done) => {
    const access = accessOf(kind, request.method, request.url.replace(/[?#].*$/s, ''));
    if (access === undefined || !asked[access]) return done();
    const principal = credentials.principalOf(request.headers.authorization);
    if (principal === undefined) return refuseCaller(request, reply, realmOf(kind, access));
    principals.set(request, principal);
    done();
  });
}

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
