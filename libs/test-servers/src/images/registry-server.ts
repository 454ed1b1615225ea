import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSign, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../system/free-port.js';

/** Who may pull: anybody, the user `me` with the password `secret`, or who has a token of a server that asks for the same. */
export type RegistryAuth = 'none' | 'basic' | 'token';

/** Of `secret`, by bcrypt. */
const HTPASSWD = 'me:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n';
const BASIC = `Basic ${Buffer.from('me:secret').toString('base64')}`;

/** For tests: Docker's own registry, of the package docker-registry, on a port of this machine. */
export class RegistryServer {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly process: ChildProcess,
    private readonly tokens: Server | undefined,
  ) {}

  /** A `config.json` of docker for who may pull. */
  get dockerConfig(): string {
    return JSON.stringify({ auths: { [this.host]: { auth: BASIC.slice('Basic '.length) } } });
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** @param storage folder of the blobs, for one that serves what another was given */
  static async start(auth: RegistryAuth = 'none', storage?: string, wantedPort?: number): Promise<RegistryServer> {
    const folder = mkdtempSync(join(tmpdir(), 'tranche-registry-'));
    const port = wantedPort ?? (await freePorts(1))[0] ?? 0;
    const tokens = auth === 'token' ? await startTokenServer(folder) : undefined;
    writeFileSync(join(folder, 'htpasswd'), HTPASSWD);
    const root = storage ?? join(folder, 'storage');
    mkdirSync(root, { recursive: true });
    const config = {
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: root }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}` },
      ...authOf(auth, folder, tokens),
    };
    // JSON is YAML.
    writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
    const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
    const failed = new Promise<never>((_, reject) => {
      child.once('error', (error) =>
        reject(new Error(`docker-registry (package docker-registry) cannot be run: ${error.message}`)),
      );
      child.once('exit', (status) => reject(new Error(`docker-registry ended with status ${status}`)));
    });
    failed.catch(() => undefined);
    const server = new RegistryServer(folder, port, child, tokens);
    await Promise.race([server.untilUp(), failed]);
    return server;
  }

  async stop(): Promise<void> {
    this.tokens?.close();
    if (this.process.exitCode === null) {
      const gone = new Promise((resolve) => this.process.once('exit', resolve));
      this.process.kill('SIGKILL');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async untilUp(): Promise<void> {
    for (;;) {
      const answer = await fetch(`http://${this.host}/v2/`).catch(() => undefined);
      if (answer !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const SERVICE = 'test-registry';
const ISSUER = 'test-issuer';

function authOf(auth: RegistryAuth, folder: string, tokens: Server | undefined): object {
  if (auth === 'basic') return { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } };
  if (tokens === undefined) return {};
  const { port } = tokens.address() as AddressInfo;
  const realm = `http://127.0.0.1:${port}/token`;
  return { auth: { token: { realm, service: SERVICE, issuer: ISSUER, rootcertbundle: join(folder, 'root.crt') } } };
}

/** Gives tokens to who knows the password. @source Docker Registry v2: token authentication */
async function startTokenServer(folder: string): Promise<Server> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, 'key.pem'), pem, { mode: 0o600 });
  const certificate = ['req', '-x509', '-new', '-key', join(folder, 'key.pem'), '-subj', '/CN=test', '-days', '2'];
  execFileSync('openssl', [...certificate, '-out', join(folder, 'root.crt')], { stdio: 'ignore' });
  const chain = [new X509Certificate(readFileSync(join(folder, 'root.crt'))).raw.toString('base64')];
  const server = createHttpServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    if (request.headers.authorization !== BASIC) {
      response.writeHead(401).end();
      return;
    }
    const [type, name, actions = ''] = (searchParams.get('scope') ?? '').split(':');
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...{
        iss: ISSUER,
        sub: 'me',
        aud: searchParams.get('service'),
        exp: now + 300,
        nbf: now - 10,
        iat: now,
        jti: String(now),
      },
      access: [{ type, name, actions: actions.split(',') }],
    };
    const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    const signed = `${encode({ typ: 'JWT', alg: 'RS256', x5c: chain })}.${encode(claims)}`;
    const signature = createSign('RSA-SHA256').update(signed).sign(pem).toString('base64url');
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ token: `${signed}.${signature}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
