import { type AuthSettings, parseFirewallRules } from '@tranche/config';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { canonicalUrl, type PathKind } from '../mesos-paths.js';
import { problem } from '../problem.js';
import { sendRefusal } from '../reply.js';
import { servedPath } from './authenticate.js';
import { isOwnLook } from './own-look.js';

type Rules = Pick<AuthSettings, 'authFirewallRules'>;

/**
 * Answers nobody at the paths that the operator has disabled, before credentials are asked for: 403 in Mesos' words, a problem below `/v1`.
 *
 * A path is meant in all the forms that it can be asked for in, `/master/state` with `/state`, and in Mesos' endpoints with what is below it.
 *
 * @source formats §8.1; Mesos' `--firewall_rules`
 */
export function disableEndpoints(fastify: FastifyInstance, rules: Rules, kind: PathKind): void {
  const disabled = disabledPaths(rules, kind);
  if (disabled.size === 0) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isOwnLook()) return done();
    if (disabled.has(servedPath(request)) || disabled.has(pathOf(request.url))) return refuse(request, reply);
    done();
  });
}

/**
 * What is answered at paths that are disabled, for who answers at some of them without an application.
 *
 * @param rules checked before
 * @returns by the path of a route, without its query: the text of the 403, undefined where the path is open
 * @throws TypeError when they were not
 */
export function firewallOf(rules: Rules, kind: PathKind): (path: string) => string | undefined {
  const disabled = disabledPaths(rules, kind);
  return (path) => (disabled.has(path) ? disabledText(path) : undefined);
}

function disabledPaths({ authFirewallRules }: Rules, kind: PathKind): ReadonlySet<string> {
  const parsed = parseFirewallRules(authFirewallRules);
  if (!parsed.ok) throw new TypeError(`the firewall rules were not checked: ${parsed.mistakes.join('; ')}`);
  return new Set(parsed.disabledPaths.map((path) => canonicalUrl(path, kind)));
}

function refuse(request: FastifyRequest, reply: FastifyReply): void {
  const text = disabledText(pathOf(request.originalUrl));
  if (!request.url.startsWith('/v1/')) return sendRefusal(reply, { status: 403, headers: {}, body: text });
  const body = problem(403, 'path.disabled', 'Endpoint is disabled', text);
  void reply.code(403).header('content-type', 'application/problem+json').send(JSON.stringify(body));
}

const disabledText = (path: string): string => `Endpoint '${path}' is disabled`;

const pathOf = (url: string): string => url.replace(/[?#].*$/s, '');
