import { watch } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** Where the system tells of changes this is only a safety net; elsewhere it bounds how late a line is seen. */
const POLL_MS = 200;
const CHUNK_BYTES = 65_536;

export interface FollowRequest {
  readonly file: FileHandle;
  /** For notices of change. */
  readonly realPath: string;
  readonly offset: number;
  /** Settles when nobody writes to the file any more. */
  readonly ended: Promise<void>;
  /** Fires when the reader has gone. */
  readonly signal: AbortSignal;
}

/**
 * The bytes of a growing file from an offset on, until its writer has ended and everything was read.
 *
 * A file that becomes shorter is read on from its new end. The handle stays the caller's.
 *
 * @throws the system's error
 */
export async function* followFile(request: FollowRequest): AsyncGenerator<Buffer> {
  const { file, realPath, signal } = request;
  const changes = new Changes(realPath, signal);
  let { offset } = request;
  let hasEnded = false;
  void request.ended.then(() => {
    hasEnded = true;
    changes.notice();
  });
  try {
    while (!signal.aborted) {
      // Asked before reading: what was written before the end is read after it.
      const isLast = hasEnded;
      const chunk = await readAt(file, offset);
      if (chunk.length > 0) {
        offset += chunk.length;
        yield chunk;
        continue;
      }
      if (isLast) return;
      if (!hasEnded) await changes.next();
      offset = Math.min(offset, (await file.stat()).size);
    }
  } finally {
    changes.close();
  }
}

async function readAt(file: FileHandle, offset: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, offset);
  return buffer.subarray(0, bytesRead);
}

/** Notices of change of one file: from the system, and by the clock in case the system has none. */
class Changes {
  private readonly timer: NodeJS.Timeout;
  private readonly watcher: { close(): void } | undefined;
  private pending = false;
  private wake: (() => void) | undefined;

  constructor(path: string, signal: AbortSignal) {
    this.timer = setInterval(() => this.notice(), POLL_MS);
    this.timer.unref();
    this.watcher = watchFile(path, () => this.notice());
    signal.addEventListener('abort', () => this.notice(), { once: true });
  }

  /** Settles at the next notice, at once when one came since the last. */
  async next(): Promise<void> {
    if (!this.pending) await new Promise<void>((resolve) => (this.wake = resolve));
    this.pending = false;
  }

  notice(): void {
    this.pending = true;
    this.wake?.();
    this.wake = undefined;
  }

  close(): void {
    clearInterval(this.timer);
    this.watcher?.close();
  }
}

/** @returns undefined where files cannot be watched: the clock has to do */
function watchFile(path: string, onChange: () => void): { close(): void } | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
