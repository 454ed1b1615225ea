import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { configWith, ConfigError, tlsOptions, type TlsSettings } from '@tranche/config';
import { CertificateAuthority } from '@tranche/test-servers';
import { silentLogger as logger } from '@tranche/telemetry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { trustEverywhere, trustOf } from './trust.js';

const MINUTE_MS = 60_000;
const system = getCACertificates('default');
let folder: string;
let tls: TlsSettings;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tranche-tls-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  tls = configWith(tlsOptions, { tlsCaFile: new CertificateAuthority(folder).caFile });
  vi.useFakeTimers({ toFake: ['setInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
  setDefaultCACertificates(system);
});

/** What the process trusts of the test's authority. */
const own = (): string[] =>
  getCACertificates('default').filter((pem) => new X509Certificate(pem).subject === 'CN=test-ca');

/** How many different ones there are: the system's may be there twice. */
const kindsOf = (pems: readonly string[]): number =>
  new Set(pems.map((pem) => new X509Certificate(pem).fingerprint256)).size;

describe('trust', () => {
  it("is the system's where no file is named", () => {
    const none = configWith(tlsOptions, {});
    expect(trustOf(none, { logger })).toBeUndefined();
    trustEverywhere(none, { logger });
    expect(getCACertificates('default')).toEqual(system);
  });

  it('is made once, and anew within a minute when the file is renewed', () => {
    const trust = trustOf(tls, { logger });
    const before = trust?.();
    vi.advanceTimersByTime(MINUTE_MS);
    expect(trust?.()).toBe(before);
    new CertificateAuthority(folder).sign('a');
    vi.advanceTimersByTime(MINUTE_MS);
    expect(trust?.()).not.toBe(before);
  });

  it("of a whole process is the system's and the file's, as it is renewed", () => {
    trustEverywhere(tls, { logger });
    const first = own();
    expect(first).toHaveLength(1);
    expect(kindsOf(getCACertificates('default'))).toBe(kindsOf(system) + 1);
    new CertificateAuthority(folder).sign('a');
    vi.advanceTimersByTime(MINUTE_MS);
    expect(own()).not.toEqual(first);
    expect(kindsOf(getCACertificates('default'))).toBe(kindsOf(system) + 1);
  });

  it('stays what it is while the file cannot be used, and must be usable at first', () => {
    const trust = trustOf(tls, { logger });
    const before = trust?.();
    writeFileSync(tls.tlsCaFile, '');
    vi.advanceTimersByTime(MINUTE_MS);
    expect(trust?.()).toBe(before);
    expect(() => trustOf(tls, { logger })).toThrow(ConfigError);
  });
});
