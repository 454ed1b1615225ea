/**
 * The process that fetches for one container, started by `process.fetch-worker.ts`.
 *
 * It begins with the rights of the agent, so that it can load its code from wherever that is, takes on the user's, and then does what it
 * is asked. It ends with the agent, whose end closes the channel.
 */
import { LocalFetchWorker } from './local.fetch-worker.js';
import type { NumberedRequest, WorkerAnswer, WorkerRequest, WorkerUser } from './worker-messages.js';

/** Progress is told at most this often. */
const PROGRESS_INTERVAL_MS = 100;

const worker = new LocalFetchWorker();

async function carryOut(id: number, request: WorkerRequest): Promise<unknown> {
  switch (request.kind) {
    case 'become':
      return become(request.user);
    case 'size':
      return worker.sizeOf(request.source, request.limits);
    case 'download': {
      let toldAt = 0;
      return worker.download(request.source, request.file, request.limits, (progress) => {
        const now = performance.now();
        if (now - toldAt < PROGRESS_INTERVAL_MS) return;
        toldAt = now;
        answer({ id, progress });
      });
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
