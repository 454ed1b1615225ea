import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectSecurely, type TLSSocket } from 'node:tls';
import { configWith, ConfigError, tlsOptions } from '@tranche/config';
import { Metrics } from '@tranche/telemetry';
import { CertificateAuthority, type CertificateFiles } from '@tranche/test-servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isEncrypted, isFromOwnMachine } from './answer-plain-too.js';
import { HttpListener, type HttpListenerOptions } from './http-listener.js';
import { TlsFiles } from './tls-files.js';

let folder: string;
let authority: CertificateAuthority;
let files: CertificateFiles;
let listener: HttpListener;
let port: number;
let logged: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tranche-tls-'));
  authority = new CertificateAuthority(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  files = authority.sign('own');
  logged = [];
});
afterEach(() => listener?.close());

const logger = { info: (message: string) => logged.push(message), warn: (message: string) => logged.push(message) };
const settings = (): HttpListenerOptions['tls'] =>
  configWith(tlsOptions, { tlsCertFile: files.certFile, tlsKeyFile: files.keyFile });

async function open(
  plain: 'refused' | 'own-machine' = 'refused',
  more: Pick<HttpListenerOptions, 'isOwn'> = {},
): Promise<TlsFiles> {
  const tls = settings();
  const watched = new TlsFiles(tls, { logger });
  listener = HttpListener.encrypted(
    (request, response) =>
      void text(request).then((body) => response.end(`${isEncrypted(request.socket)} ${request.url} ${body.length}`)),
    watched,
    { tls, plain, ...more },
  );
  const url = await listener.listen({ host: '127.0.0.1', port: 0 });
  expect(url).toBe(`https://127.0.0.1:${listener.port}`);
  ({ port } = listener);
  return watched;
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

async function ask(
  send: typeof httpRequest | typeof httpsRequest,
  options: RequestOptions,
  body = '',
): Promise<Answer> {
  const asked = send({ host: '127.0.0.1', port, path: '/p', method: 'POST', ...options });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, body: await text(answer) };
}

const overTls = (options: RequestOptions = {}, body = ''): Promise<Answer> =>
  ask(httpsRequest, { ca: readFileSync(files.caFile), agent: false, ...options }, body);

/** Serial number of the certificate that is served. */
async function served(): Promise<string> {
  const socket: TLSSocket = connectSecurely({ host: '127.0.0.1', port, ca: readFileSync(files.caFile) });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

describe('an address with a certificate', () => {
  it('answers by HTTPS, large bodies as well', async () => {
    await open();
    const body = 'x'.repeat(1 << 21);
    expect(await overTls({}, body)).toEqual({ status: 200, body: `true /p ${body.length}` });
  });

  it('is refused by who trusts another authority, or asks for another name', async () => {
    await open();
    const stranger = new CertificateAuthority(folder, 'stranger');
    await expect(overTls({ ca: readFileSync(stranger.caFile) })).rejects.toThrow(/certificate|signature/);
    await expect(overTls({ servername: 'example.org' })).rejects.toThrow(/example\.org/);
  });

  it('speaks no older version of TLS than it is told', async () => {
    await open();
    await expect(
      overTls({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
    ).rejects.toThrow();
    expect((await overTls({ maxVersion: 'TLSv1.2' })).status).toBe(200);
  });

  it('tells who asks in plain what to ask for', async () => {
    await open();
    expect(await ask(httpRequest, { agent: false })).toEqual({
      status: 400,
      body: `this port speaks HTTPS: ask for https://127.0.0.1:${port}/p\n`,
    });
  });

  it('answers its own machine in plain where that is wanted, over kept connections too', async () => {
    await open('own-machine');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const body = 'x'.repeat(1 << 21);
    expect(await ask(httpRequest, { agent }, body)).toEqual({ status: 200, body: `false /p ${body.length}` });
    expect(await ask(httpRequest, { agent })).toEqual({ status: 200, body: 'false /p 0' });
    expect((await overTls()).body).toBe('true /p 0');
    agent.destroy();
  });

  it('refuses other machines in plain, and answers them by HTTPS', async () => {
    await open('own-machine', { isOwn: () => false });
    expect(await ask(httpRequest, { agent: false })).toEqual({
      status: 403,
      body: `plain HTTP is spoken with this machine only: ask for https://127.0.0.1:${port}/p\n`,
    });
    expect((await overTls()).status).toBe(200);
  });

  it('answers a client that ends its side when it has asked', async () => {
    await open('own-machine');
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.end('GET /half HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(await text(socket)).toContain('false /half 0');
  });

  it('ends connections over which nothing has come, when it is closed', async () => {
    await open();
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    await overTls();
    const closed = once(socket, 'close');
    listener.close();
    await closed;
  });

  it('lets a client go that leaves without a word', async () => {
    await open();
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    socket.resetAndDestroy();
    expect((await overTls()).status).toBe(200);
  });
});

describe('a certificate that is renewed', () => {
  it('is served without a restart, to new connections', async () => {
    const watched = await open();
    const before = await served();
    watched.look();
    expect(await served()).toBe(before);
    authority.sign('own');
    expect(await served()).toBe(before);
    watched.look();
    expect(await served()).not.toBe(before);
    expect(logged).toContain('certificates are renewed');
  });

  it('waits for its key, and is told of once', async () => {
    const watched = await open();
    const before = await served();
    const oldKey = readFileSync(files.keyFile);
    authority.sign('own');
    const newKey = readFileSync(files.keyFile);
    writeFileSync(files.keyFile, oldKey);
    watched.look();
    watched.look();
    expect(logged.filter((line) => line === 'renewed certificate cannot be used yet')).toHaveLength(1);
    expect(await served()).toBe(before);
    writeFileSync(files.keyFile, newKey);
    watched.look();
    expect(await served()).not.toBe(before);
  });

  it('is warned of when it ends soon, or has ended', () => {
    const { tlsCertFile, tlsKeyFile, tlsCaFile } = settings();
    const names = { tlsCertFile, tlsKeyFile, tlsCaFile };
    const warned = (of: typeof names, nowMs?: () => number): string[] => {
      logged = [];
      expect(new TlsFiles(of, { logger, ...(nowMs && { nowMs }) }).contents.pair).toBeDefined();
      return logged;
    };
    expect(warned(names)).toEqual(['certificate expires soon']);
    expect(warned(names, () => Date.now() - 30 * 86_400_000)).toEqual([]);
    files = authority.sign('ended', { days: -1 });
    const ended = { ...names, tlsCertFile: files.certFile, tlsKeyFile: files.keyFile };
    expect(warned(ended)).toEqual(['certificate has expired: clients refuse it']);
  });

  it('shows its end as a metric', async () => {
    const metrics = new Metrics('registry');
    const watched = new TlsFiles(settings(), { logger });
    watched.observe(metrics);
    const seconds = (watched.contents.expiresAtMs ?? 0) / 1_000;
    expect(await metrics.render('text')).toContain(
      `tranche_tls_certificate_expiry_seconds{service="registry"} ${seconds}`,
    );
  });

  it('must be usable when the process starts', () => {
    const tls = { ...settings(), tlsKeyFile: '/nowhere' };
    expect(() => HttpListener.for(() => undefined, { tls, logger })).toThrow(ConfigError);
  });
});

describe('an address without a certificate', () => {
  it('answers by plain HTTP', async () => {
    listener = HttpListener.for((_request, response) => void response.end('plain'), {
      tls: configWith(tlsOptions, {}),
      logger,
    });
    expect(await listener.listen({ host: '127.0.0.1', port: 0 })).toBe(`http://127.0.0.1:${listener.port}`);
    ({ port } = listener);
    expect((await ask(httpRequest, { agent: false })).body).toBe('plain');
  });
});

describe('isFromOwnMachine', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['::1', '::1', true],
    ['::ffff:127.0.0.9', '::ffff:127.0.0.1', true],
    ['::ffff:198.51.100.7', '198.51.100.7', true],
    ['198.51.100.8', '198.51.100.7', false],
    [undefined, '198.51.100.7', false],
  ])('for %s at %s is %s', (remoteAddress, localAddress, expected) => {
    expect(isFromOwnMachine({ remoteAddress, localAddress })).toBe(expected);
  });
});
