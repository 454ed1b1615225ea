import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ConfigMistake } from '../config.errors.js';

/** Files of an HTTPS server and client; empty: none. */
export interface TlsFileNames {
  readonly tlsCertFile: string;
  readonly tlsKeyFile: string;
  readonly tlsCaFile: string;
}

/** What such files hold. */
export interface TlsFileContents {
  /** Certificate with its chain, and its key: PEM. Absent: plain HTTP is served. */
  readonly pair?: { readonly cert: string; readonly key: string };
  /** When the certificate ends; milliseconds since the epoch. */
  readonly expiresAtMs?: number;
  /** Certificates that are trusted beside the system's: PEM, one each. */
  readonly ca: readonly string[];
}

export type TlsReading =
  | { readonly ok: true; readonly contents: TlsFileContents }
  | { readonly ok: false; readonly mistakes: readonly ConfigMistake[] };

const PEM_CERTIFICATE = /-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]+-----END (TRUSTED )?CERTIFICATE-----/g;

/**
 * Reads certificate, key and trusted certificates, and tells everything that is wrong with them.
 *
 * @param readFile text of a file; throws when it cannot be read
 */
export function readTlsFiles(names: TlsFileNames, readFile: (path: string) => string): TlsReading {
  const mistakes: ConfigMistake[] = [];
  const read = (name: string, path: string): string | undefined => {
    if (path === '') return undefined;
    try {
      return readFile(path);
    } catch (cause) {
      mistakes.push({ name, problem: `cannot read ${path}: ${(cause as Error).message}` });
      return undefined;
    }
  };
  const { tlsCertFile, tlsKeyFile, tlsCaFile } = names;
  if ((tlsCertFile === '') !== (tlsKeyFile === '')) {
    const [missing, given] = tlsCertFile === '' ? ['TLS_CERT_FILE', 'TLS_KEY_FILE'] : ['TLS_KEY_FILE', 'TLS_CERT_FILE'];
    mistakes.push({ name: missing, problem: `is missing: ${given} is given, and one needs the other` });
  }
  const cert = read('TLS_CERT_FILE', tlsCertFile);
  const key = read('TLS_KEY_FILE', tlsKeyFile);
  const ca = read('TLS_CA_FILE', tlsCaFile);
  const end = cert === undefined ? undefined : endOf(cert);
  if (cert !== undefined && end === undefined)
    mistakes.push({ name: 'TLS_CERT_FILE', problem: `${tlsCertFile} holds no certificate as PEM` });
  const keyMistake = key === undefined ? undefined : mistakeOfKey(key, end === undefined ? undefined : cert);
  if (keyMistake !== undefined) mistakes.push({ name: 'TLS_KEY_FILE', problem: `${tlsKeyFile} ${keyMistake}` });
  const trusted = ca?.match(PEM_CERTIFICATE) ?? [];
  if (ca !== undefined && (trusted.length === 0 || trusted.some((pem) => endOf(pem) === undefined)))
    mistakes.push({ name: 'TLS_CA_FILE', problem: `${tlsCaFile} holds no certificates as PEM` });
  if (mistakes.length > 0) return { ok: false, mistakes };
  const pair = cert === undefined || key === undefined ? {} : { pair: { cert, key } };
  return { ok: true, contents: { ...pair, ...(end === undefined ? {} : { expiresAtMs: end }), ca: trusted } };
}

/** @returns when the first certificate ends; undefined for a text that begins with none */
function endOf(cert: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(cert).validTo);
  } catch {
    // No certificate: the mistake says so.
    return undefined;
  }
}

/** What is wrong with a key, told without a word of it. */
function mistakeOfKey(key: string, cert: string | undefined): string | undefined {
  try {
    const parsed = createPrivateKey(key);
    if (cert === undefined) return undefined;
    if (!new X509Certificate(cert).checkPrivateKey(parsed)) return 'is not the key of the certificate in TLS_CERT_FILE';
  } catch {
    return 'holds no private key as PEM without a passphrase';
  }
  try {
    createSecureContext({ cert, key });
    return undefined;
  } catch (cause) {
    return `and the certificate cannot be used: ${(cause as Error).message}`;
  }
}
