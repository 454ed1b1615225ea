import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { amqpUrl, mysqlUrl } from '@tranche/test-servers';
import { isMesh } from '../mesh.config.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(root, 'libs/local/dist/main.js');
/** The `tranche` program. */
export const CLI = join(root, 'libs/cli/bin/tranche.mjs');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process whose output is kept. */
export interface Running {
  readonly process: ChildProcess;
  output(): { stdout: string; stderr: string };
  /** Resolves when the output so far matches; rejects when the process ends before it does. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  finished: Promise<Finished>;
}

export function start(command: string, args: readonly string[], env: Record<string, string> = {}, cwd = root): Running {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const more = (): void => waiting.forEach((check) => check());
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    more();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    more();
  });
  const finished = once(child, 'close').then(([status]) => ({ status: status as number | null, stdout, stderr }));
  return {
    process: child,
    output: () => ({ stdout, stderr }),
    finished,
    until(pattern) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          const found = pattern.exec(stdout) ?? pattern.exec(stderr);
          if (found === null) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
        void finished.then(({ status }) =>
          reject(new Error(`ended with ${status} before ${pattern} was seen:\n${stdout}\n${stderr}`)),
        );
      });
    },
  };
}

/** A port with as many free ones behind it as agents need. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([0, 1, 2, 3].map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  const free = await listening;
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

/** What makes it a mesh: processes over a real broker and database, a standby of each service. */
async function meshFlags(): Promise<string[]> {
  const [broker, database] = await Promise.all([amqpUrl(), mysqlUrl()]);
  return ['--broker', broker, '--database', database, '--replicas', '2'];
}

/** The local cluster as `npm start` starts it, in a data folder and on ports of its own. */
export class LocalCluster {
  private running: Running | undefined;

  private constructor(
    readonly port: number,
    readonly data: string,
    private readonly flags: readonly string[],
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static start(...flags: string[]): Promise<LocalCluster> {
    return LocalCluster.startWith({}, ...flags);
  }

  /** @param env more environment, of the cluster and of the commands against it */
  static async startWith(env: Readonly<Record<string, string>>, ...flags: string[]): Promise<LocalCluster> {
    const data = join(mkdtempSync(join(tmpdir(), 'tranche-e2e-')), 'data');
    const mesh = isMesh && !flags.includes('--broker') ? await meshFlags() : [];
    const cluster = new LocalCluster(await freePorts(), data, [...flags, ...mesh], env);
    await cluster.up();
    return cluster;
  }

  get url(): string {
    return `${this.env['TLS_CERT_FILE'] === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  get output(): string {
    return this.running?.output().stdout ?? '';
  }

  get pid(): number {
    return this.running?.process.pid ?? 0;
  }

  /** Starts it, for the first time or again; resolves when it is ready. */
  async up(...extra: string[]): Promise<void> {
    const args = [MAIN, '--port', String(this.port), '--data', this.data, ...this.flags, ...extra];
    this.running = start(process.execPath, ['--enable-source-maps', ...args], this.env);
    await this.running.until(/Ready in[\s\S]*Stop {8}Ctrl-C/);
  }

  /** Resolves when what it has printed matches. */
  async until(pattern: RegExp): Promise<void> {
    await this.running?.until(pattern);
  }

  /** `kill -9` of everything, at once. */
  async crash(): Promise<void> {
    for (const pid of [this.pid, ...this.childPids()]) process.kill(pid, 'SIGKILL');
    await this.running?.finished;
  }

  /** Of services and agents in processes of their own. */
  private childPids(): number[] {
    const { processes } = JSON.parse(readFileSync(join(this.data, 'running.json'), 'utf8')) as {
      processes: readonly { readonly pid?: number }[];
    };
    return processes.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Ctrl-C; everything it leaves behind is removed. */
  async stop(): Promise<Finished | undefined> {
    this.running?.process.kill('SIGINT');
    const finished = await this.running?.finished;
    rmSync(join(this.data, '..'), { recursive: true, force: true });
    return finished;
  }

  /** Starts a CLI command against this cluster. */
  cli(...args: string[]): Running {
    return start(process.execPath, [CLI, ...args], { TRANCHE_URL: this.url, ...this.env });
  }

  /** Runs a CLI command to its end. */
  tranche(...args: string[]): Promise<Finished> {
    return this.cli(...args).finished;
  }

  /** `local status` and the like, of this cluster. */
  local(command: string): Promise<Finished> {
    return start(process.execPath, [MAIN, command, '--data', this.data], this.env).finished;
  }

  /** GET of a JSON document on the public address. */
  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

/** Starts the main program with flags that it refuses, and waits for its end. */
export const startAndFail = (...args: string[]): Promise<Finished> => start(process.execPath, [MAIN, ...args]).finished;
