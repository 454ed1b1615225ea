import { authorizerOf, mayEverything, parseCredentials } from '@tranche/config';
import { authorizationOf } from '@tranche/http';
import type { RegistryConfig } from '../registry.config.js';

/**
 * What the registry shows to agents that ask for credentials: the first of its own whose principal may do everything, which agents of a
 * cluster must know. It has asked its own caller, and looked at what that may do; a principal that may not do everything would hide from it what
 * its caller may see.
 */
export function shownToAgents(config: RegistryConfig): { readonly authorization?: string } {
  const authorizer = authorizerOf(config);
  const known = parseCredentials(config.authCredentials) ?? [];
  const own = known.find(({ principal }) => mayEverything(authorizer, principal)) ?? known[0];
  return own === undefined ? {} : { authorization: authorizationOf(own) };
}
