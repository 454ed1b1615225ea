import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('agent.mjs', import.meta.url));

/** What an agent does at the step it was told: it dies, its disk is full from then on, or both. */
export type Fate = 'die' | 'fill' | 'fill and die';

interface Told {
  readonly agentId?: string;
  readonly port?: number;
  readonly armed?: string;
  readonly passed?: string;
  readonly filled?: string;
  readonly room?: true;
}

/** A real agent in a process of its own, which can be told at which step it is to die. */
export class AgentProcess {
  private child: ChildProcess | undefined;
  private told: Told[] = [];
  private wake: () => void = () => undefined;
  /** What the agent wrote, of all its lives: shown when something goes wrong. */
  log = '';

  /** @param env its options */
  constructor(private readonly env: Readonly<Record<string, string>>) {}

  /** Steps that this life of it has taken, each once, in the order in which they first came. */
  get steps(): string[] {
    return [...new Set(this.told.flatMap(({ passed }) => passed ?? []))];
  }

  /** How many steps it has told of. */
  get stepsTaken(): number {
    return this.told.length;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Where this life of it listens. */
  get port(): number {
    const port = this.told.find((told) => told.port !== undefined)?.port;
    if (port === undefined) throw new Error('the agent is not up');
    return port;
  }

  /** @param step at which it is to die already while it starts. @returns when it is registered; with a step, at once */
  async start(step?: string): Promise<void> {
    this.told = [];
    const child = fork(SCRIPT, step === undefined ? [] : [step], {
      env: { ...process.env, LOG_LEVEL: 'warn', ...this.env },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (this.log += String(text)));
    child.on('message', (message: Told) => {
      this.told.push(message);
      this.wake();
    });
    child.on('exit', () => this.wake());
    if (step === undefined) await this.until(({ agentId }) => agentId !== undefined);
  }

  /** @returns when the agent knows */
  async arm(step: string, fate: Fate = 'die'): Promise<void> {
    this.told = this.told.filter(({ armed, filled }) => armed === undefined && filled === undefined);
    this.child?.send({ arm: step, fate });
    await this.until(({ armed }) => armed === step);
  }

  /** Forgets which steps were taken so far. */
  forgetSteps(): void {
    this.told = [];
  }

  /** Settles when the agent has taken this step. */
  took(step: string): Promise<void> {
    return this.until(({ passed }) => passed === step);
  }

  /** Settles when the agent has filled its disk. */
  filled(): Promise<void> {
    return this.until(({ filled }) => filled !== undefined);
  }

  /** Settles when the agent takes its disk for one with room. */
  async hasRoom(): Promise<void> {
    this.told = this.told.filter(({ room }) => room === undefined);
    this.child?.send({ room: true });
    await this.until(({ room }) => room === true);
  }

  /** Settles when the process is gone, by itself or by `kill`. @returns whether it was SIGKILL that ended it */
  async died(): Promise<boolean> {
    const { child } = this;
    if (child === undefined) throw new Error('no agent was started');
    if (this.isRunning) await once(child, 'exit');
    return child.signalCode === 'SIGKILL';
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.child?.kill(signal);
    await this.died();
  }

  private async until(wanted: (told: Told) => boolean): Promise<void> {
    while (!this.told.some(wanted)) {
      if (!this.isRunning) throw new Error(`agent ended:\n${this.log}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
