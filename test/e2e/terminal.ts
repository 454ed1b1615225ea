import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Whether a terminal can be made here: by `script` of util-linux. */
export const canMakeTerminals = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');

/** A shell on a terminal of its own, as a person has it. */
export class TerminalSession {
  private text = '';
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<unknown>,
  ) {}

  /** Runs a script of the shell on a terminal of 33 rows and 111 columns. */
  static start(script: string, env: Record<string, string>): TerminalSession {
    const child = spawn('script', ['-qec', `stty rows 33 cols 111; echo on $(tty).; ${script}`, '/dev/null'], {
      env: { ...process.env, ...env, TERM: 'xterm', SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const session = new TerminalSession(child, once(child, 'close'));
    child.stdout.on('data', (chunk: Buffer) => {
      session.text += chunk.toString();
      for (const look of session.waiting) look();
    });
    return session;
  }

  /** All that was shown. */
  get shown(): string {
    return this.text;
  }

  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Settles when what is shown from now on matches. */
  async until(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text.slice(from));
      if (found !== null) return found;
      await Promise.race([
        new Promise<void>((resolve) => {
          this.waiting.add(resolve);
        }),
        this.ended.then(() => {
          if (!pattern.test(this.text.slice(from))) throw new Error(`ended before ${pattern} was shown:\n${this.text}`);
        }),
      ]);
    }
  }

  /** Types, and waits for what comes of it. */
  async ask(keys: string, answer: RegExp): Promise<RegExpExecArray> {
    const from = this.text.length;
    this.type(keys);
    return this.until(answer, from);
  }

  /** Changes its size, as pulling at a window does. */
  async resize(rows: number, columns: number): Promise<void> {
    const [, device = ''] = await this.until(/on (\S+)\./);
    spawnSync('stty', ['-F', device, 'rows', String(rows), 'columns', String(columns)]);
  }

  async end(): Promise<string> {
    await this.ended;
    return this.text;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
