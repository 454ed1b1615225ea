import type { ApiClient } from '../../api/api-client.js';
import type { CliIo } from '../../cli-io.js';
import { CliError } from '../../cli.errors.js';
import { copyLog, LOG_STREAMS } from '../log-stream.js';
import type { Instance } from './instance.js';
import type { RunReporter } from './report/run-reporter.js';

/** How long a running task's output is sought after the connection to it broke: as long as the framework may be away. */
const PATIENCE_MS = 60_000;
/** Of a task that ended before it was seen to run: there may be no output at all. */
const ENDED_PATIENCE_MS = 1_000;
/** How long the rest of the output may take after the end of its task. */
const REST_MS = 5_000;
const TAIL_LINES = 10;

/** Copies the outputs of a run's tasks while they run, through the cluster's public address. */
export class RunOutput {
  readonly #copies = new Map<string, { done: Promise<void>; abort: AbortController }>();

  constructor(
    private readonly api: ApiClient,
    private readonly io: CliIo,
    private readonly reporter: RunReporter,
    private readonly frameworkId: () => string,
  ) {}

  /** Begins to copy both streams of the instance's current task; once a task. */
  start(instance: Instance, hasEnded = false): void {
    const { taskId } = instance;
    if (taskId === undefined || this.#copies.has(taskId)) return;
    const abort = new AbortController();
    const patienceMs = hasEnded ? ENDED_PATIENCE_MS : PATIENCE_MS;
    const done = Promise.all(
      LOG_STREAMS.map((stream) => this.#copy(instance, taskId, stream, patienceMs, abort.signal)),
    );
    this.#copies.set(taskId, { abort, done: done.then(() => undefined) });
  }

  /** Waits until everything that the ended task has written was copied. */
  async finish(taskId: string): Promise<void> {
    const copy = this.#copies.get(taskId);
    if (!copy) return;
    const stopWaiting = new AbortController();
    const isLate = await Promise.race([copy.done.then(() => false), this.io.sleep(REST_MS, stopWaiting.signal)]);
    stopWaiting.abort();
    copy.abort.abort();
    if (isLate) this.reporter.note('the output may be incomplete: its end did not come in time');
  }

  /** The last lines of a task's standard error; none when they can't be had. */
  async stderrTail(taskId: string): Promise<string[]> {
    const lines: string[] = [];
    const target = {
      write: (data: string | Uint8Array) => lines.push(Buffer.from(data as Uint8Array).toString('utf8')) > 0,
    };
    const signal = AbortSignal.timeout(REST_MS);
    const task = { id: taskId, frameworkId: this.frameworkId() };
    await copyLog(
      { api: this.api, io: this.io },
      { task, stream: 'stderr', follow: false, tail: TAIL_LINES, signal },
      target,
    ).catch(ignoreCliError);
    return lines.join('').split('\n').filter(Boolean).slice(-TAIL_LINES);
  }

  /** Stops copying. */
  close(): void {
    for (const { abort } of this.#copies.values()) abort.abort();
  }

  async #copy(
    instance: Instance,
    taskId: string,
    stream: (typeof LOG_STREAMS)[number],
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const target = this.reporter.outputOf(instance, stream);
    const task = { id: taskId, frameworkId: this.frameworkId() };
    try {
      await copyLog({ api: this.api, io: this.io }, { task, stream, follow: true, signal, patienceMs }, target);
    } catch (error) {
      ignoreCliError(error);
      if (patienceMs === PATIENCE_MS)
        this.reporter.note(`${stream} of ${instance.name} was lost: ${(error as Error).message}`);
    } finally {
      target.end?.();
    }
  }
}

/** Output that is not to be had is no reason to end a run. */
function ignoreCliError(error: unknown): void {
  if (!(error instanceof CliError)) throw error;
}
