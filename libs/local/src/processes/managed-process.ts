import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { END_TASKS, type Refused, type Serving } from '@tranche/messaging';
import { LocalStartError } from '../local.errors.js';
import { putAsideIfLarge } from '../telemetry/put-aside.js';
import { restartDelayMs } from './restart-policy.js';
import { untilActive, untilReady } from './until-active.js';

export interface ProcessOptions {
  /** `offers`, `agent2`. */
  readonly name: string;
  /** Its `main.js`. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets what it writes. */
  readonly logFile: string;
  /** Serves as soon as it is ready to take over from another replica; otherwise only when it works. */
  readonly standsBy: boolean;
  /** Without it there is no cluster: when it ends again and again it is given up. What is not vital is tried again for ever, seldom. */
  readonly isVital: boolean;
  /** Told of each change: it serves, it has ended, it is started again or given up. */
  readonly onChange: (change: ProcessChange) => void;
}

export type ProcessChange =
  | { readonly kind: 'serving'; readonly process: ManagedProcess }
  | {
      readonly kind: 'ended';
      readonly process: ManagedProcess;
      readonly how: string;
      readonly againInMs: number | undefined;
      /** Why the cluster does not take it. */
      readonly refusal: string | undefined;
      /** It was refused with the same words before. */
      readonly isOld: boolean;
    };

/** What `local status` shows of a process. */
export interface ProcessFacts {
  readonly name: string;
  readonly pid: number | undefined;
  readonly address: string | undefined;
  readonly logFile: string;
  readonly restarts: number;
  readonly lastEnd: string | undefined;
  /** Why the cluster does not take it. */
  readonly refusal?: string | undefined;
}

const STOP_TIMEOUT_MS = 30_000;
const SHOWN_LINES = 5;
/** An agent whose machine is down for maintenance is taken again some day; one that was declared gone is not. Neither costs much. */
const SELDOM_MS = 30_000;

/**
 * One service or agent in a process of its own: started, started again when it ends by itself, stopped.
 *
 * It has a session of its own, so that Ctrl-C reaches only us, who know in which order things end; and a channel to us, at whose end it
 * stops by itself.
 */
export class ManagedProcess {
  private child: ChildProcess | undefined;
  private address: string | undefined;
  private about: Readonly<Record<string, string>> = {};
  private readonly endsMs: number[] = [];
  private lastEnd: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  private refused: string | undefined;
  private lastRefusal: string | undefined;
  private readonly firstServing = Promise.withResolvers<void>();

  constructor(private readonly options: ProcessOptions) {
    // Nobody may be waiting when it fails: the change tells.
    this.firstServing.promise.catch(() => undefined);
  }

  get name(): string {
    return this.options.name;
  }

  get facts(): ProcessFacts {
    const { name, logFile } = this.options;
    const restarts = this.endsMs.length;
    const { child, lastEnd, lastRefusal: refusal } = this;
    const pid = child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
    return { name, pid, address: this.address, logFile, restarts, lastEnd, refusal };
  }

  /** Where it serves; undefined while it does not. */
  get url(): string | undefined {
    return this.address;
  }

  get isStopping(): boolean {
    return this.stopping;
  }

  /** Why the cluster does not take it; undefined while it does. */
  get refusal(): string | undefined {
    return this.lastRefusal;
  }

  /** What it has told of itself. */
  tellsOf(subject: string): string | undefined {
    return this.about[subject];
  }

  /** @returns when it serves, or the cluster has refused it @throws LocalStartError with the last lines of its log when it ends before that */
  start(): Promise<void> {
    this.spawn();
    return this.firstServing.promise;
  }

  /** @param endTasks an agent ends its tasks first; else they run on and are found at the next start */
  async stop({ endTasks }: { readonly endTasks: boolean }): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (endTasks && child.connected) child.send(END_TASKS);
    else child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  private spawn(): void {
    const { program, env, logFile } = this.options;
    mkdirSync(dirname(logFile), { recursive: true });
    putAsideIfLarge(logFile);
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', program], {
      env,
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    this.child = child;
    child.on('message', (message) => void this.heard(child, message as Serving | Refused));
    child.once('error', (error) => this.ended(error.message));
    child.once('exit', (code, signal) => this.ended(signal ?? `exit ${code}`));
  }

  /** It listens: requests reach it from now on. It serves once it also does the work. */
  private async heard(child: ChildProcess, message: Serving | Refused): Promise<void> {
    if (message.kind === 'refused') this.refused = message.reason;
    if (message.kind !== 'serving') return;
    this.address = message.address;
    this.about = message.about ?? {};
    const hasEnded = (): boolean => this.stopping || child.exitCode !== null || child.signalCode !== null;
    const until = this.options.standsBy
      ? untilReady(message.address, hasEnded)
      : untilActive(() => [message.address], hasEnded);
    if (!(await until)) return;
    this.lastRefusal = undefined;
    this.firstServing.resolve();
    this.options.onChange({ kind: 'serving', process: this });
  }

  private ended(how: string): void {
    const hasServed = this.address !== undefined || this.endsMs.length > 0;
    this.address = undefined;
    if (this.stopping) return;
    this.lastEnd = how;
    this.endsMs.push(performance.now());
    const againInMs = this.againInMs(hasServed);
    if (againInMs !== undefined) this.timer = setTimeout(() => this.spawn(), againInMs);
    const { refused: refusal } = this;
    const isOld = refusal !== undefined && refusal === this.lastRefusal;
    this.lastRefusal = refusal;
    this.refused = undefined;
    if (refusal === undefined) this.firstServing.reject(this.startError(how));
    else this.firstServing.resolve();
    this.options.onChange({ kind: 'ended', process: this, how, againInMs, refusal, isOld });
  }

  /** @returns undefined when it is not to be started again */
  private againInMs(hasServed: boolean): number | undefined {
    if (this.refused !== undefined) return SELDOM_MS;
    if (!hasServed) return undefined;
    return restartDelayMs(this.endsMs, performance.now()) ?? (this.options.isVital ? undefined : SELDOM_MS);
  }

  private startError(how: string): LocalStartError {
    const { name, logFile } = this.options;
    return new LocalStartError('local/part-failed', `${name} ended (${how}) before it was ready`, [
      ...lastLines(logFile),
      `its whole log: ${logFile}`,
    ]);
  }
}

/** Starts them side by side. All settle before an error is thrown, so that none goes on starting while the others are stopped. */
export async function allServing(processes: readonly { start(): Promise<void> }[]): Promise<void> {
  const started = await Promise.allSettled(processes.map((one) => one.start()));
  for (const one of started) if (one.status === 'rejected') throw one.reason;
}

/** What a process wrote last, of each line its message. */
function lastLines(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES);
  return lines.flatMap((line) => {
    if (line === '') return [];
    try {
      const { msg, error } = JSON.parse(line) as { msg?: string; error?: { message?: string } };
      return [[msg, error?.message].filter((text) => text !== undefined).join(': ')];
    } catch {
      return [line];
    }
  });
}
