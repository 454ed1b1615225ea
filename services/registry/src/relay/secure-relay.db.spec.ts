import 'reflect-metadata';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configWith } from '@tranche/config';
import { queueOf, RegisterAgentV1 } from '@tranche/contracts';
import type { RunningService } from '@tranche/http';
import { InProcessBroker, inProcessHost } from '@tranche/messaging';
import { silentLogger } from '@tranche/telemetry';
import { CertificateAuthority, type CertificateFiles } from '@tranche/test-servers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { registerRequest } from '../agents/agents.fakes.js';
import { type RegistryConfig, registryOptions } from '../registry.config.js';
import { startRegistry } from '../start-registry.js';

let folder: string;
let authority: CertificateAuthority;
let agent: Server | undefined;
let registry: RunningService | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tranche-tls-'));
  authority = new CertificateAuthority(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await registry?.stop();
  agent?.closeAllConnections();
  agent?.close();
});

/** A registry with an agent that speaks HTTPS and tells the target and body of a request. @returns where the registry is */
async function start(files: CertificateFiles, options: Partial<RegistryConfig>): Promise<string> {
  const served = { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) };
  agent = createServer(served, (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-url': request.url ?? '' });
    request.pipe(response);
    if (request.method === 'GET') response.end('{"id":"c-S0"}');
  });
  await new Promise<void>((resolve) => agent?.listen(0, '127.0.0.1', resolve));
  const host = inProcessHost({ service: 'registry', broker: new InProcessBroker(), logger: silentLogger });
  const config = configWith(registryOptions, { databaseUrl: 'sqlite::memory:', clusterId: 'c', ...options });
  registry = await startRegistry({ config, host });
  await registry.app.listen(0, '127.0.0.1');
  const { port } = agent.address() as AddressInfo;
  const registering = registerRequest({ ip: '127.0.0.1', port, scheme: 'https' });
  await host.bus.ask(RegisterAgentV1, queueOf('registry'), registering);
  return (await registry.app.getUrl()).replace('[::1]', '127.0.0.1');
}

const stateOf = async (base: string): Promise<[number, string]> => {
  const answer = await fetch(`${base}/v1/agents/c-S0/state`);
  const text = await answer.text();
  return [answer.status, answer.ok ? text : (JSON.parse(text) as { detail: string }).detail];
};

describe('the relay to agents that speak HTTPS', () => {
  it('reads and calls them, when who has signed their certificates is trusted', async () => {
    const base = await start(authority.sign('a'), { tlsCaFile: authority.caFile });
    expect(await stateOf(base)).toEqual([200, '{"id":"c-S0"}']);
    // Over a kept connection.
    expect(await stateOf(base)).toEqual([200, '{"id":"c-S0"}']);
    const call = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"type":"GET_HEALTH"}' };
    const answer = await fetch(`${base}/v1/agents/c-S0/api/v1`, call);
    expect([answer.status, await answer.text()]).toEqual([200, call.body]);
  });

  it('says that it does not trust who has signed one', async () => {
    const stranger = new CertificateAuthority(folder, 'stranger');
    const [status, detail] = await stateOf(await start(stranger.sign('a'), { tlsCaFile: authority.caFile }));
    expect(status).toBe(503);
    expect(detail).toMatch(/does not answer: its certificate is signed by nobody in TLS_CA_FILE/);
  });

  it.each([
    ["their machine's name", 'DNS:n1', {}],
    ['a name that they share', 'DNS:agents.tranche', { agentTlsName: 'agents.tranche' }],
  ])('knows them by %s', async (_of, name, options) => {
    const files = authority.sign('named', { names: [name] });
    expect(await stateOf(await start(files, { tlsCaFile: authority.caFile, ...options }))).toEqual([
      200,
      '{"id":"c-S0"}',
    ]);
  });

  it('refuses the certificate of another machine', async () => {
    const files = authority.sign('other', { names: ['DNS:n2'] });
    const [status, detail] = await stateOf(await start(files, { tlsCaFile: authority.caFile }));
    expect(status).toBe(503);
    expect(detail).toContain("IP: 127.0.0.1 is not in the cert's list");
  });

  it('refuses a certificate that has expired', async () => {
    const files = authority.sign('old', { days: -1 });
    const [, detail] = await stateOf(await start(files, { tlsCaFile: authority.caFile }));
    expect(detail).toContain('its certificate has expired');
  });
});
