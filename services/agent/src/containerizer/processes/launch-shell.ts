import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** How much of the shell's error output is kept for messages. */
const MAX_STDERR_CHARS = 4096;

type ShellProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** The launch shell could not be set up, or ended. The message holds what it said. */
export class LaunchShellError extends Error {
  readonly code = 'containerizer/launch-shell-failed';
  constructor(message: string) {
    super(message);
    this.name = 'LaunchShellError';
  }
}

/**
 * A long-lived shell that starts processes for the agent.
 *
 * A fork copies the page tables of whoever forks. In a Node process of some hundred megabytes that takes 10 to 20 ms, in
 * which the event loop stands still; in a small shell it takes 0.2 ms. The shell also holds the mount namespace in which
 * containers are made, so that it has to be set up once and not per container.
 *
 * Protocol: the script prints `ready`, then answers each line `VERB ID` with a line `VERB ID TEXT`, in any order. It ends
 * when its input ends, so it never outlives the agent; what it has started does.
 */
export class LaunchShell {
  private readonly waiting = new Map<string, { resolve: (text: string) => void; reject: (error: Error) => void }>();
  private errors = '';
  private unread = '';
  private hasEnded = false;
  private readonly gone = Promise.withResolvers<void>();

  private constructor(private readonly shell: ShellProcess) {
    shell.stdout.setEncoding('utf8').on('data', (text: string) => this.read(text));
    shell.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-MAX_STDERR_CHARS);
    });
    shell.stdin.on('error', () => {});
    shell.once('error', (error) => this.end(error.message));
    shell.once('exit', () => this.gone.resolve());
    shell.once('close', (status) => this.end(`exit status ${status}`));
  }

  /**
   * @param argv the shell with its script and arguments
   * @param env  the whole environment, for everything that the shell starts as well
   * @throws LaunchShellError when the script ends or fails before it is ready
   */
  static async start(
    argv: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
  ): Promise<LaunchShell> {
    const [command, ...args] = argv;
    // Detached: a Ctrl-C on the agent's terminal must not reach what the shell starts.
    const process = spawn(command, args, { env: { ...env }, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const shell = new LaunchShell(process);
    await shell.answerTo('ready');
    return shell;
  }

  get isOpen(): boolean {
    return !this.hasEnded;
  }

  /**
   * @returns the text of the answer
   * @throws LaunchShellError when the shell ends before it has answered
   */
  request(verb: string, id: string): Promise<string> {
    const key = `${verb} ${id}`;
    const answer = this.answerTo(key);
    this.shell.stdin.write(`${key}\n`);
    return answer;
  }

  /** Lets the shell finish what it has begun, and end. @returns when its process is gone */
  close(): Promise<void> {
    if (this.hasEnded) return Promise.resolve();
    this.shell.ref();
    this.shell.stdin.end();
    return this.gone.promise;
  }

  /** Keeps Node alive only while something is asked. */
  private answerTo(key: string): Promise<string> {
    if (this.hasEnded) return Promise.reject(new LaunchShellError(`launch shell has ended: ${this.errors.trim()}`));
    this.setReferenced(true);
    return new Promise((resolve, reject) => this.waiting.set(key, { resolve, reject }));
  }

  private read(text: string): void {
    const lines = (this.unread + text).split('\n');
    this.unread = lines.pop() ?? '';
    for (const line of lines) this.answer(line);
    if (this.waiting.size === 0) this.setReferenced(false);
  }

  private answer(line: string): void {
    const [verb = '', id, ...words] = line.split(' ');
    const key = id === undefined ? verb : `${verb} ${id}`;
    const waiter = this.waiting.get(key);
    this.waiting.delete(key);
    waiter?.resolve(words.join(' '));
  }

  private end(cause: string): void {
    this.hasEnded = true;
    this.gone.resolve();
    const error = new LaunchShellError(`launch shell ended: ${this.errors.trim() || cause}`);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  private setReferenced(isReferenced: boolean): void {
    const handles = [this.shell, this.shell.stdin, this.shell.stdout, this.shell.stderr];
    for (const handle of handles as { ref?: () => void; unref?: () => void }[]) {
      if (isReferenced) handle.ref?.();
      else handle.unref?.();
    }
  }
}
