import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, get, type Server } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { configWith, tlsOptions } from '@tranche/config';
import { silentLogger } from '@tranche/telemetry';
import { CertificateAuthority, type CertificateFiles } from '@tranche/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProxy, serveProxy } from './proxy.js';

describe('the proxy before services that speak HTTPS', () => {
  const before = getCACertificates('default');
  let folder: string;
  let files: CertificateFiles;
  let upstream: Server;
  let close: () => Promise<void>;
  let url: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-tls-'));
    files = new CertificateAuthority(folder).sign('a');
    const pair = { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) };
    upstream = createServer(pair, (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        request.url === '/openapi.json'
          ? '{"tags":[],"paths":{"/v1/x":{}},"components":{"schemas":{}}}'
          : `{"at":"${request.headers.host}"}`,
      );
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const address = `https://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    const proxy = await openProxy((service) => (service === 'registry' ? address : undefined));
    const { certFile: tlsCertFile, keyFile: tlsKeyFile, caFile: tlsCaFile } = files;
    const tls = configWith(tlsOptions, { tlsCertFile, tlsKeyFile, tlsCaFile });
    ({ url, close } = await serveProxy(proxy, { host: '127.0.0.1', port: 0 }, { tls, logger: silentLogger }));
  });
  afterEach(async () => {
    await close();
    upstream.closeAllConnections();
    upstream.close();
    rmSync(folder, { recursive: true });
    setDefaultCACertificates(before);
  });

  const ask = async (path: string): Promise<string> => {
    const asked = get(`${url}${path}`, { ca: readFileSync(files.caFile), agent: false });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return text(answer);
  };

  it('answers by HTTPS what they answer by HTTPS', async () => {
    expect(url).toMatch(/^https:/);
    expect(await ask('/v1/agents')).toBe(`{"at":"${new URL(url).host}"}`);
  });

  it('sums up their documents', async () => {
    expect(await ask('/openapi.json')).toContain('/v1/x');
  });
});
