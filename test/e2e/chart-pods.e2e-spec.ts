import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { amqpUrl, brokerMissing, CertificateAuthority, freePorts, mysqlMissing, mysqlUrl } from '@tranche/test-servers';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Manifest, render } from '../chart/render.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { name: string; key: string };
    readonly fieldRef?: { fieldPath: string };
  };
}
interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly EnvVar[];
}

const podContainers = (manifest: Manifest): readonly Container[] => {
  const spec = manifest['spec'] as
    | { template?: { spec: { containers: Container[] } }; containers?: Container[] }
    | undefined;
  return spec?.template?.spec.containers ?? spec?.containers ?? [];
};

/** What differs here from a cluster: addresses and folders, nothing else. */
interface Places {
  readonly broker: string;
  readonly database: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly workDir: string;
  /** In the place of the Secret that is mounted. */
  readonly certificates: string;
}

/** The environment of a container as rendered, with the addresses of this machine in the place of the cluster's names. */
function environmentOf(container: Container, manifests: readonly Manifest[], places: Places): Record<string, string> {
  const secret = (name: string, key: string): string => {
    const found = manifests.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
    const value = (found?.['stringData'] as Record<string, string> | undefined)?.[key];
    if (value === undefined) throw new Error(`the chart renders no secret ${name} with ${key}`);
    return value;
  };
  const publicUrl = (value: string): string => `${new URL(value).protocol}//127.0.0.1:${places.ports['router']}`;
  const here: Record<string, (value: string) => string> = {
    BROKER_URL: () => places.broker,
    DATABASE_URL: (value) => value.replace(/^mysql:\/\/tranche-database:3306\//, `${places.database}/`),
    HTTP_HOST: () => '127.0.0.1',
    HTTP_PORT: () => String(places.ports[container.name]),
    PUBLIC_URL: publicUrl,
    TRANCHE_URL: publicUrl,
    AGENT_WORK_DIR: () => places.workDir,
  };
  const env: Record<string, string> = {};
  for (const { name, value, valueFrom } of container.env) {
    const ref = valueFrom?.secretKeyRef;
    const field = valueFrom?.fieldRef?.fieldPath;
    const rendered =
      ref !== undefined
        ? secret(ref.name, ref.key)
        : field !== undefined
          ? { 'spec.nodeName': 'node-1', 'status.hostIP': '127.0.0.1' }[field]
          : value;
    if (rendered === undefined) throw new Error(`${container.name}: ${name} has no value`);
    const [, scheme, upstream = ''] = /^(https?):\/\/tranche-(\w+)$/.exec(rendered) ?? [];
    env[name] =
      scheme !== undefined && name.startsWith('ROUTER_')
        ? `${scheme}://127.0.0.1:${places.ports[upstream]}`
        : (here[name]?.(rendered) ?? rendered.replace(/^\/etc\/tranche\/tls\//, `${places.certificates}/`));
  }
  return env;
}

const missing = brokerMissing() ?? mysqlMissing();

const WAYS: [string, object][] = [
  ['by http', {}],
  ['by https', { tls: { inside: { enabled: true, existingSecret: 'certificates' } } }],
];

describe.skipIf(missing !== undefined).each(WAYS)(
  `the containers of the chart, as rendered, %s ${missing ?? ''}`,
  (scheme, values) => {
    const running: ChildProcess[] = [];
    const outputs = new Map<string, string>();
    const folder = mkdtempSync(join(tmpdir(), 'tranche-chart-'));
    let manifests: Manifest[];
    let places: Places;

    const containerOf = (name: string): Container => {
      const found = manifests.flatMap(podContainers).find((container) => container.name === name);
      if (found === undefined) throw new Error(`the chart renders no container ${name}`);
      return found;
    };

    /** As the image does: its entry point before the arguments, unless the container has a command of its own. */
    function begin(name: string): ChildProcess {
      const container = containerOf(name);
      const [command = '', ...args] = container.command ?? [process.execPath, '--enable-source-maps'];
      const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;
      const env = { PATH: path, HOME: folder, ...environmentOf(container, manifests, places) };
      const child = spawn(command, [...args, ...container.args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const keep = (chunk: Buffer): void => void outputs.set(name, (outputs.get(name) ?? '') + chunk.toString());
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      return child;
    }

    async function readyz(name: string): Promise<IncomingMessage> {
      const at = { host: '127.0.0.1', port: places.ports[name], path: '/readyz', agent: false };
      const asked =
        scheme === 'by https'
          ? httpsGet({ ...at, ca: readFileSync(join(places.certificates, 'ca.crt')) })
          : httpGet(at);
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      return answer;
    }

    async function ready(name: string): Promise<unknown> {
      let last: unknown;
      await expect
        .poll(
          async () => {
            const answer = await readyz(name).catch(() => undefined);
            last = answer === undefined ? outputs.get(name) : await json(answer);
            return answer?.statusCode;
          },
          { timeout: 150_000, interval: 500, message: `${name} is ready` },
        )
        .toBe(200)
        .catch((error: unknown) => {
          throw new Error(`${name} did not become ready: ${JSON.stringify(last)}\n${outputs.get(name)}`, {
            cause: error,
          });
        });
      return last;
    }

    beforeAll(async () => {
      const [broker, database] = await Promise.all([amqpUrl(), mysqlUrl()]);
      manifests = await render({ ...values, database: { name: new URL(database).pathname.slice(1) } });
      const names = ['registry', 'allocator', 'offers', 'quota', 'agent', 'router'];
      const ports = await freePorts(names.length);
      const server = new URL(database);
      places = {
        broker,
        database: `mysql://${server.host}`,
        ports: Object.fromEntries(names.map((name, n) => [name, ports[n] ?? 0])),
        workDir: join(folder, 'agent'),
        certificates: folder,
      };
      const { certFile, keyFile, caFile } = new CertificateAuthority(folder).sign('all', { names: ['IP:127.0.0.1'] });
      const inSecret = { 'tls.crt': certFile, 'tls.key': keyFile, 'ca.crt': caFile };
      for (const [key, file] of Object.entries(inSecret)) copyFileSync(file, join(folder, key));
      await grantAsTheImageDoes(database);
    }, 120_000);

    /** The image makes the user that its environment names, then runs the scripts of its init folder. */
    async function grantAsTheImageDoes(database: string): Promise<void> {
      const { MARIADB_USER: user, MARIADB_PASSWORD: password } = environmentOf(
        containerOf('mariadb'),
        manifests,
        places,
      );
      const scripts = manifests.find(
        ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'tranche-database-schemas',
      );
      const connection = await createConnection(database);
      try {
        await connection.query('DROP USER IF EXISTS ?', [user]);
        await connection.query('CREATE USER ? IDENTIFIED BY ?', [user, password]);
        const data = scripts?.['data'] as Record<string, string> | undefined;
        const sql = data?.['schemas.sql'] ?? '';
        for (const statement of sql.split(';').filter((part) => part.trim() !== '')) await connection.query(statement);
      } finally {
        await connection.end();
      }
    }

    afterAll(async () => {
      for (const child of running.toReversed()) {
        child.kill('SIGTERM');
        if (child.exitCode === null) await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    it('bring the schemas forward, start, become ready, and run the task of helm test', async () => {
      const migrate = begin('migrate');
      const [code] = (await once(migrate, 'exit')) as [number];
      expect(`${code}\n${outputs.get('migrate')}`).toMatch(/^0\n[\s\S]*_offers\n {2}✔ CreateOffersTables/);

      for (const name of ['registry', 'allocator', 'offers', 'quota', 'router']) running.push(begin(name));
      for (const name of ['registry', 'allocator', 'offers', 'quota']) await ready(name);
      running.push(begin('agent'));
      await ready('agent');

      const task = begin('run');
      const [status] = (await once(task, 'exit')) as [number];
      expect(`${status}\n${outputs.get('run')}`).toMatch(/^0\n[\s\S]*the task 42 has run/);
    }, 400_000);
  },
);
