import { createSecureContext, getCACertificates, type SecureContext, setDefaultCACertificates } from 'node:tls';
import type { TlsSettings } from '@tranche/config';
import { TlsFiles, type TlsFilesParts } from './tls-files.js';

/**
 * Whom a process trusts when it calls services or agents: the system's certificates and those of `TLS_CA_FILE`, as they are renewed. For `secureContext` of
 * `node:tls`, made anew only when they change.
 *
 * @returns undefined where there are none but the system's
 */
export function trustOf(tls: TlsSettings, parts: TlsFilesParts): (() => SecureContext) | undefined {
  const files = trusted(tls, parts);
  if (files === undefined) return undefined;
  let context = contextWith(files.contents.ca);
  files.onRenewed(({ ca }) => {
    context = contextWith(ca);
  });
  return () => context;
}

/** Has every call of this process trust `TLS_CA_FILE` beside the system's: for processes that call nobody but services. */
export function trustEverywhere(tls: TlsSettings, parts: TlsFilesParts): void {
  const files = trusted(tls, parts);
  if (files === undefined) return;
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ...files.contents.ca]);
  files.onRenewed(({ ca }) => setDefaultCACertificates([...before, ...ca]));
}

const contextWith = (ca: readonly string[]): SecureContext =>
  createSecureContext({ ca: [...getCACertificates('default'), ...ca] });

const trusted = ({ tlsCaFile }: TlsSettings, parts: TlsFilesParts): TlsFiles | undefined =>
  tlsCaFile === '' ? undefined : new TlsFiles({ tlsCertFile: '', tlsKeyFile: '', tlsCaFile }, parts).watch();
