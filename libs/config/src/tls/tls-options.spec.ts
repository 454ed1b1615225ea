import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority, type CertificateFiles } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServiceConfig } from '../read-service-config.js';
import { listenOptions } from '../service-options.js';
import { readTlsFiles } from './read-tls-files.js';

let folder: string;
let files: CertificateFiles;
let others: CertificateFiles;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tranche-tls-'));
  const authority = new CertificateAuthority(folder);
  files = authority.sign('a');
  others = authority.sign('b');
});
afterAll(() => rmSync(folder, { recursive: true }));

const started = (env: Record<string, string>, ...argv: string[]) =>
  readServiceConfig(listenOptions(1), { argv, env }, 'X_');
const faults = (env: Record<string, string>): string => {
  const result = started(env);
  return result.kind === 'stop' && result.exitCode === 2 ? result.text : 'none';
};

describe('the options of TLS', () => {
  it('are absent unless they are given', () => {
    expect(started({})).toMatchObject({
      kind: 'run',
      config: { tlsCertFile: '', tlsKeyFile: '', tlsCaFile: '', tlsMinVersion: 'TLSv1.2' },
    });
  });

  it('name a certificate and its key, and are shown as names of files', () => {
    const { certFile, keyFile, caFile } = files;
    const env = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CA_FILE: caFile, TLS_MIN_VERSION: 'TLSv1.3' };
    expect(started(env)).toMatchObject({ kind: 'run', config: { tlsCertFile: certFile, tlsMinVersion: 'TLSv1.3' } });
    expect(started(env, '--print-config')).toMatchObject({ text: expect.stringContaining(`TLS_KEY_FILE=${keyFile}`) });
  });

  it('may be those of who calls only', () => {
    expect(started({ TLS_CA_FILE: files.caFile })).toMatchObject({ kind: 'run' });
  });

  it('need each other', () => {
    expect(faults({ TLS_CERT_FILE: files.certFile })).toBe(
      'TLS_KEY_FILE: is missing: TLS_CERT_FILE is given, and one needs the other',
    );
    expect(faults({ TLS_KEY_FILE: files.keyFile })).toBe(
      'TLS_CERT_FILE: is missing: TLS_KEY_FILE is given, and one needs the other',
    );
  });

  it('are told of together with all other mistakes', () => {
    const text = faults({ HTTP_PORT: 'x', TLS_MIN_VERSION: 'SSLv3', TLS_CERT_FILE: '/no/c', TLS_KEY_FILE: '/no/k' });
    expect(text.split('\n').map((line) => line.replace(/ENOENT.*/, 'ENOENT'))).toEqual([
      'HTTP_PORT: "x" must be integer 0 to 65535',
      'TLS_MIN_VERSION: "SSLv3" must be one of TLSv1.2, TLSv1.3',
      'TLS_CERT_FILE: cannot read /no/c: ENOENT',
      'TLS_KEY_FILE: cannot read /no/k: ENOENT',
    ]);
  });

  it('refuse a key that is not the one of the certificate', () => {
    expect(faults({ TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: others.keyFile })).toBe(
      `TLS_KEY_FILE: ${others.keyFile} is not the key of the certificate in TLS_CERT_FILE`,
    );
  });

  it('refuse files that hold something else', () => {
    const text = join(folder, 'text');
    writeFileSync(text, 'hello');
    expect(faults({ TLS_CERT_FILE: text, TLS_KEY_FILE: text, TLS_CA_FILE: text }).split('\n')).toEqual([
      `TLS_CERT_FILE: ${text} holds no certificate as PEM`,
      `TLS_KEY_FILE: ${text} holds no private key as PEM without a passphrase`,
      `TLS_CA_FILE: ${text} holds no certificates as PEM`,
    ]);
  });
});

describe('readTlsFiles', () => {
  it('takes the certificates of a bundle apart and says when the own one ends', () => {
    const bundle = join(folder, 'bundle');
    writeFileSync(
      bundle,
      `# two of them\n${readFileSync(files.caFile, 'utf8')}${readFileSync(others.certFile, 'utf8')}`,
    );
    const names = { tlsCertFile: files.certFile, tlsKeyFile: files.keyFile, tlsCaFile: bundle };
    const reading = readTlsFiles(names, (path) => readFileSync(path, 'utf8'));
    if (!reading.ok) throw new Error('not read');
    expect(reading.contents.ca).toHaveLength(2);
    expect(reading.contents.expiresAtMs).toBeGreaterThan(Date.now());
  });
});
