/**
 * The process that fetches for one container, started by `process.fetch-worker.ts`.
 *
 * It begins with the rights of the agent, so that it can load its code from wherever that is, takes on the user's, and then does what it
 * is asked. It ends with the agent, whose end closes the channel.
 */
import { LatestOnly } from '../tasks/details/latest-only.js';
import type { DownloadProgress } from './fetch-worker.port.js';
import { LocalFetchWorker } from './local.fetch-worker.js';
import type { NumberedRequest, WorkerAnswer, WorkerRequest, WorkerUser } from './worker-messages.js';

/** Progress is told at most this often. */
const PROGRESS_INTERVAL_MS = 100;

const worker = new LocalFetchWorker();

function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

async function carryOut(id: number, request: WorkerRequest): Promise<unknown> {
  switch (request.kind) {
    case 'become':
      return become(request.user);
    case 'size':
      return worker.sizeOf(request.source, request.limits);
    case 'download': {
      const told = new LatestOnly<DownloadProgress>(PROGRESS_INTERVAL_MS, after, (progress) =>
        answer({ id, progress }),
      );
      const { source, file, limits } = request;
      return worker.download(source, file, limits, (progress) => told.take(progress)).finally(() => told.stop());
    }
    case 'check':
      return worker.isIntact(request.file, request.expected);
    case 'place':
      return worker.place(request.file, request.item, request.sandbox, request.limits);
    case 'note':
      return worker.note(request.sandbox, request.line);
  }
}

/** Groups first: without root they could not be changed any more. */
function become({ uid, gid, groups }: WorkerUser): void {
  process.setgroups?.([...groups]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

function answer(message: WorkerAnswer): void {
  // The agent has gone: so does this process, at the event of it.
  process.send?.(message, undefined, undefined, () => undefined);
}

process.on('disconnect', () => process.exit());
process.on('message', ({ id, request }: NumberedRequest) => {
  carryOut(id, request).then(
    (value) => answer({ id, value }),
    (error: unknown) => answer({ id, fault: error instanceof Error ? error.message : String(error) }),
  );
});
