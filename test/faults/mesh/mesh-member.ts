import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

export interface MemberOptions {
  /** `offers-1`, `agent2`. */
  readonly name: string;
  /** Its `main.js`. */
  readonly program: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Further flags of node: a profile. */
  readonly nodeFlags?: readonly string[];
}

const READY_TIMEOUT_MS = 120_000;
const POLL_MS = 50;
const RESTART_MS = 500;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** One process of the mesh, started as an operator starts it; it ends with us, by the channel between us. */
export class MeshMember {
  private child: ChildProcess | undefined;
  private isEnding = false;
  /** How it ended when nobody had wanted it. */
  private readonly crashes: string[] = [];

  constructor(private readonly options: MemberOptions) {}

  get name(): string {
    return this.options.name;
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it; when it ends by itself it is started again, as by every supervisor. */
  launch(): void {
    this.isEnding = false;
    const { program, env, logFile, port, nodeFlags = [] } = this.options;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    this.child = spawn(process.execPath, ['--enable-source-maps', ...nodeFlags, program], {
      env: { ...ownEnvironment(), HTTP_PORT: String(port), ...env },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    this.child.once('exit', (code, signal) => {
      if (this.isEnding) return;
      this.crashes.push(`${this.name} ended by itself (${signal ?? `exit ${code}`}): ${logFile}`);
      setTimeout(() => {
        if (!this.isEnding) this.launch();
      }, RESTART_MS);
    });
  }

  takeCrashes(): string[] {
    return this.crashes.splice(0);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child?.kill(signal);
  }

  /** Ends it with a signal. @returns when it is gone */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.isEnding = true;
    if (child === undefined || !this.isRunning) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** @throws Error when it does not become ready */
  async untilReady(): Promise<void> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if ((await this.get('/readyz')) !== undefined) return;
      await pause(POLL_MS);
    }
    throw new Error(`${this.name} is not ready after ${READY_TIMEOUT_MS / 1_000} s: ${this.options.logFile}`);
  }

  /** Whether this replica says that it is the one that works. */
  async isActive(service: string): Promise<boolean> {
    const text = await this.get('/metrics');
    return new RegExp(`^tranche_${service}_active\\{[^}]*\\} 1$`, 'm').test(text ?? '');
  }

  /** @returns the body; undefined when it does not answer 200 at once: it may be paused, or gone */
  async get(path: string, timeoutMs = 1_000): Promise<string | undefined> {
    try {
      const answer = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(timeoutMs) });
      const text = await answer.text();
      return answer.ok ? text : undefined;
    } catch {
      // Refused, reset, or too late: whoever asks does so while such things are being done to it.
      return undefined;
    }
  }
}

/** Ours without what would configure a service otherwise than meant. */
const ownEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(VITEST|NODE_|BROKER_|DATABASE_|AGENT_|REGISTRY_|OFFERS_|ALLOCATOR_|HTTP_|LOG_|CLUSTER_|PUBLIC_|OTEL_)/.test(
          name,
        ),
    ),
  );
