import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { followFile } from '../sandbox/follow-file.js';
import type { TakePiece } from '../sessions/session.js';

const STREAMS = [
  ['stdout', 'STDOUT'],
  ['stderr', 'STDERR'],
] as const;

/**
 * What a container writes from now on: it writes into its sandbox, where each reader finds it by itself, with whichever agent.
 *
 * @param ended settles when the container has ended
 * @returns when it has ended and everything was taken, or the reader has gone
 * @throws the system's error when the files cannot be read
 */
export async function followOutput(
  sandbox: string,
  ended: Promise<void>,
  take: TakePiece,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    STREAMS.map(async ([name, stream]) => {
      const realPath = join(sandbox, name);
      // What is there belongs to the task: no link of its is followed, no pipe waited at.
      const file = await open(realPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const offset = await sizeOf(file, realPath);
        const pieces = followFile({ file, realPath, offset, ended, signal });
        for await (const data of pieces) await take({ stream, data });
      } finally {
        await file.close();
      }
    }),
  );
}

async function sizeOf(file: FileHandle, path: string): Promise<number> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error(`${path} is no file`);
  return stats.size;
}
