import { parseCredentials } from '@tranche/config';
import { authorizationOf } from '@tranche/http';
import type { RegistryConfig } from '../registry.config.js';

/** What the registry shows to agents that ask for credentials: the first of its own, which agents of a cluster must know. */
export function shownToAgents({ authCredentials }: RegistryConfig): { readonly authorization?: string } {
  const [first] = parseCredentials(authCredentials) ?? [];
  return first === undefined ? {} : { authorization: authorizationOf(first) };
}
