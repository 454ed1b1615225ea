import { type ChildProcess, fork } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FetchItem } from './fetch-item.js';
import type { Downloaded, DownloadLimits, DownloadProgress, FetchWorker } from './fetch-worker.port.js';
import type { NumberedRequest, WorkerAnswer, WorkerRequest, WorkerUser } from './worker-messages.js';

/** The compiled one, also for tests that run from the sources: it is a program, not a module. */
const PROGRAM = fileURLToPath(new URL('../../dist/fetcher/fetch-worker.process.js', import.meta.url));

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (progress: DownloadProgress) => void;
}

/**
 * Fetches in a process of its own, with the rights of the task's user: the kernel, not this code, keeps a task from having files
 * fetched that its user may not read, and a broken archive from doing harm.
 */
export class ProcessFetchWorker implements FetchWorker {
  private readonly calls = new Map<number, Call>();
  private lastId = 0;
  private fault: Error | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly sandbox: string,
  ) {
    child.on('message', (answer: WorkerAnswer) => this.take(answer));
    child.on('error', (error) => this.fail(error));
    child.on('exit', (status, signal) =>
      this.fail(new Error(`the fetcher ended with ${signal ?? `status ${status}`}`)),
    );
  }

  /**
   * @param user undefined: it works with the rights of the agent
   * @param sandbox where it begins, before it takes on the user's rights: the way to there may be closed to the user
   * @throws when the user's rights cannot be taken on
   */
  static async start(user: WorkerUser | undefined, sandbox: string, searchPath: string): Promise<ProcessFetchWorker> {
    const child = fork(PROGRAM, [], { cwd: sandbox, env: { PATH: searchPath }, execArgv: [], stdio: 'ignore' });
    const worker = new ProcessFetchWorker(child, sandbox);
    if (user === undefined) return worker;
    try {
      await worker.ask({ kind: 'become', user });
    } catch (error) {
      worker.close();
      throw error;
    }
    return worker;
  }

  sizeOf(source: FetchItem['source'], limits: DownloadLimits): Promise<number | undefined> {
    return this.ask({ kind: 'size', source, limits: sendable(limits) }) as Promise<number | undefined>;
  }

  download(
    source: FetchItem['source'],
    file: string,
    limits: DownloadLimits,
    onProgress: (progress: DownloadProgress) => void,
  ): Promise<Downloaded> {
    const request: WorkerRequest = { kind: 'download', source, file: this.seen(file), limits: sendable(limits) };
    return this.ask(request, onProgress) as Promise<Downloaded>;
  }

  isIntact(file: string, { sizeBytes, sha256 }: Downloaded): Promise<boolean> {
    return this.ask({ kind: 'check', file: this.seen(file), expected: { sizeBytes, sha256 } }) as Promise<boolean>;
  }

  async place(file: string, item: FetchItem, sandbox: string, limits: DownloadLimits): Promise<void> {
    const [from, to] = [this.seen(file), this.seen(sandbox)];
    await this.ask({ kind: 'place', file: from, item, sandbox: to, limits: sendable(limits) });
  }

  async note(sandbox: string, line: string): Promise<void> {
    await this.ask({ kind: 'note', sandbox: this.seen(sandbox), line });
  }

  close(): void {
    this.fail(new Error('the fetch was ended'));
    this.child.kill('SIGKILL');
  }

  /** A path as the process names it, from where it stands. */
  private seen(path: string): string {
    return relative(this.sandbox, path) || '.';
  }

  private ask(request: WorkerRequest, onProgress: Call['onProgress'] = () => undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.fault !== undefined) return reject(this.fault);
      this.lastId += 1;
      const message: NumberedRequest = { id: this.lastId, request };
      this.calls.set(message.id, { resolve, reject, onProgress });
      this.child.send(message, (error) => {
        if (error !== null) this.fail(error);
      });
    });
  }

  private take(answer: WorkerAnswer): void {
    const call = this.calls.get(answer.id);
    if (call === undefined) return;
    if ('progress' in answer) return call.onProgress(answer.progress);
    this.calls.delete(answer.id);
    if ('fault' in answer) call.reject(new Error(answer.fault));
    else call.resolve(answer.value);
  }

  private fail(error: Error): void {
    this.fault ??= error;
    for (const { reject } of this.calls.values()) reject(this.fault);
    this.calls.clear();
  }
}

/** The channel carries JSON, which has no Infinity. */
const sendable = ({ stallTimeoutMs, maxBytes }: DownloadLimits): DownloadLimits => ({
  stallTimeoutMs,
  maxBytes: Math.min(maxBytes, Number.MAX_SAFE_INTEGER),
});
