import { type AuthSettings, parseFirewallRules } from '@tranche/config';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { canonicalUrl, type PathKind } from '../mesos-paths.js';
import { problem } from '../problem.js';
import { sendRefusal } from '../reply.js';
import { servedPath } from './authenticate.js';
import { isOwnLook } from './own-look.js';

/**
 * Answers nobody at the paths that the operator has disabled, before credentials are asked for: 403 in Mesos' words, a problem below `/v1`.
 *
 * A path is meant in all the forms that it can be asked for in, `/master/state` with `/state`, and in Mesos' endpoints with what is below it.
 *
 * @source formats §8.1; Mesos' `--firewall_rules`
 */
export function disableEndpoints(
  fastify: FastifyInstance,
  { authFirewallRules }: Pick<AuthSettings, 'authFirewallRules'>,
  kind: PathKind,
): void {
  const parsed = parseFirewallRules(authFirewallRules);
  if (!parsed.ok) throw new TypeError(`the firewall rules were not checked: ${parsed.mistakes.join('; ')}`);
  if (parsed.disabledPaths.length === 0) return;
  const disabled = new Set(parsed.disabledPaths.map((path) => canonicalUrl(path, kind)));
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isOwnLook()) return done();
    if (disabled.has(servedPath(request)) || disabled.has(pathOf(request.url))) return refuse(request, reply);
    done();
  });
}

function refuse(request: FastifyRequest, reply: FastifyReply): void {
  const text = `Endpoint '${pathOf(request.originalUrl)}' is disabled`;
  if (!request.url.startsWith('/v1/')) return sendRefusal(reply, { status: 403, headers: {}, body: text });
  const body = problem(403, 'path.disabled', 'Endpoint is disabled', text);
  void reply.code(403).header('content-type', 'application/problem+json').send(JSON.stringify(body));
}

const pathOf = (url: string): string => url.replace(/[?#].*$/s, '');
