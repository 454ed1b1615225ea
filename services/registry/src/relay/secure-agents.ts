import { checkServerIdentity, type PeerCertificate, type SecureContext } from 'node:tls';
import { trustOf } from '@tranche/http';
import type { Logger } from '@tranche/telemetry';
import type { RegistryConfig } from '../registry.config.js';

/** How agents that speak HTTPS are known. */
export interface SecureAgents {
  /** Whose certificates are trusted. Absent: the system's. */
  readonly trust?: (() => SecureContext) | undefined;
  /** Name that the certificate of every agent may have. */
  readonly name?: string | undefined;
}

export const secureAgents = (config: RegistryConfig, logger: Logger): SecureAgents => ({
  trust: trustOf(config, { logger }),
  name: config.agentTlsName,
});

/**
 * Whether a certificate is for one of several names: an agent is called by its address, while its certificate may rather have the name of its machine, or one that it shares
 * with all agents.
 *
 * @param names addresses or host names; undefined ones are passed over
 * @returns undefined, or why it is for none: the words are those about the first
 */
export function isNamedAs(names: readonly (string | undefined)[], certificate: PeerCertificate): Error | undefined {
  const faults = names.flatMap((name) => (name === undefined ? [] : [checkServerIdentity(name, certificate)]));
  return faults.includes(undefined) ? undefined : faults[0];
}
