import type { IncomingMessage } from 'node:http';
import type { ApiClient } from '../api/api-client.js';
import { unreachable } from '../api/http-exchange.js';
import type { LostConnection } from '../api/lost-connection.js';
import type { CliContext } from '../cli-context.js';
import { type TextOutput, writeAll } from '../cli-io.js';
import { CliError, ClusterUnreachableError, RefusedError } from '../cli.errors.js';

/** The two files that a task's output goes to. */
export const LOG_STREAMS = ['stdout', 'stderr'] as const;
export type LogStream = (typeof LOG_STREAMS)[number];

/** What to copy. */
export interface LogRequest {
  task: { id: string; frameworkId: string };
  stream: LogStream;
  /** Another file of its sandbox instead. */
  path?: string;
  /** Until the task has ended and everything was read. */
  follow: boolean;
  /** First byte; default the beginning, or where `tail` says. */
  from?: number | undefined;
  /** Told the first byte that is copied, before it is. */
  onBegin?: (offset: number) => void;
  /** Only the last so many lines of what is there. */
  tail?: number | undefined;
  /** Ends the copying, without an error. */
  signal: AbortSignal;
  /**
   * How long a task that is not known (yet), or a lost connection, is tried again; after that it is an error. Default 0. Copying goes
   * on where it was.
   */
  patienceMs?: number;
  /** Tries a lost connection again instead, and says so; not the first one. */
  connection?: LostConnection;
}

/** Short beside what a person notices: a task is often seen to run before its output can be read. */
const RETRY_MS = 50;

/**
 * Copies a task's output, byte by byte, as it comes.
 *
 * @throws RefusedError, ClusterUnreachableError
 */
export async function copyLog(
  { api, io }: Pick<CliContext, 'api' | 'io'>,
  request: LogRequest,
  target: TextOutput,
): Promise<void> {
  const { signal, patienceMs = 0, connection } = request;
  /** Of the next byte; undefined until the first answer. */
  let offset: number | undefined = request.from;
  let hasBegun = false;
  /** Since when it is tried again; an output may be silent for hours before its connection is lost. */
  let failingSinceMs: number | undefined;
  for (;;) {
    try {
      const answer = await openLog(api, request, offset);
      offset ??= Number(answer.headers['log-offset'] ?? 0);
      if (!hasBegun) request.onBegin?.(offset);
      hasBegun = true;
      failingSinceMs = undefined;
      connection?.works();
      for await (const chunk of chunksOf(answer, api.url, signal)) {
        offset += chunk.byteLength;
        await writeAll(target, chunk);
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (hasBegun && connection !== undefined) {
        if (!(await connection.wait(error, signal, isPassing))) return;
        continue;
      }
      failingSinceMs ??= io.clock.nowMs();
      if (!isPassing(error) || io.clock.nowMs() - failingSinceMs >= patienceMs) throw error;
      if (!(await io.sleep(RETRY_MS, signal))) return;
    }
  }
}

/** From the offset on; at first from where `tail` says. */
function openLog(api: ApiClient, request: LogRequest, offset: number | undefined): Promise<IncomingMessage> {
  const { task, path, stream, follow, tail } = request;
  return api.stream(`/v1/tasks/${encodeURIComponent(task.id)}/${path === undefined ? 'logs' : 'files/tail'}`, {
    ...(path === undefined ? { stream } : { path }),
    follow: follow || undefined,
    tail: offset === undefined ? tail : undefined,
    offset,
    frameworkId: task.frameworkId,
  });
}

async function* chunksOf(answer: IncomingMessage, url: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const stop = (): void => void answer.destroy();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const chunk of answer) yield chunk as Buffer;
  } catch (error) {
    throw error instanceof CliError ? error : unreachable(url, error);
  } finally {
    signal.removeEventListener('abort', stop);
    answer.destroy();
  }
}

/** The task may become known, the cluster may come back. */
function isPassing(error: unknown): boolean {
  return error instanceof ClusterUnreachableError || (error instanceof RefusedError && error.status === 404);
}
