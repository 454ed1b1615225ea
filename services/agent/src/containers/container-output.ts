import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { followFile } from '../sandbox/follow-file.js';
import type { TakePiece } from '../sessions/session.js';

const STREAMS = [
  ['stdout', 'STDOUT'],
  ['stderr', 'STDERR'],
] as const;

/** Passes on what is written until the container has ended and everything was taken, or the reader has gone. Called once. */
export type FollowOutput = (take: TakePiece, gone: AbortSignal) => Promise<void>;

/**
 * What a container writes from now on: it writes into its sandbox, where each reader finds it by itself, with whichever agent.
 *
 * @param ended settles when the container has ended
 * @returns once it is settled from where on. @throws the system's error when the files cannot be read
 */
export async function openOutput(sandbox: string, ended: Promise<void>): Promise<FollowOutput> {
  const opening = STREAMS.map(([name, stream]) => openStream(join(sandbox, name), stream));
  try {
    const streams = await Promise.all(opening);
    return async (take, signal) => {
      await Promise.all(
        streams.map(async ({ file, stream, ...from }) => {
          try {
            for await (const data of followFile({ file, ...from, ended, signal })) await take({ stream, data });
          } finally {
            await file.close();
          }
        }),
      );
    };
  } catch (error) {
    for (const opened of await Promise.allSettled(opening))
      if (opened.status === 'fulfilled') await opened.value.file.close();
    throw error;
  }
}

interface OpenStream {
  readonly file: FileHandle;
  readonly realPath: string;
  /** Where it is read from. */
  readonly offset: number;
  readonly stream: 'STDOUT' | 'STDERR';
}

async function openStream(realPath: string, stream: OpenStream['stream']): Promise<OpenStream> {
  // What is there belongs to the task: no link of its is followed, no pipe waited at.
  const file = await open(realPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return { file, realPath, stream, offset: await sizeOf(file, realPath) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function sizeOf(file: FileHandle, path: string): Promise<number> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error(`${path} is no file`);
  return stats.size;
}
