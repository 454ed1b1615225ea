import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { isDiskFull } from '../../checkpoint/replace-file.js';
import { ImageError } from '../image.errors.js';
import type { Descriptor } from './manifest.js';
import { mismatch, type RegistrySession } from './registry-session.js';
import type { Retrying } from './retrying.js';

/**
 * Brings a blob into a file and verifies it on the way. A connection that breaks is made again and goes on where it was, if the registry can.
 *
 * @param onBytes told of what is there by now
 * @throws ImageError
 */
export async function downloadBlob(
  session: Pick<RegistrySession, 'blob'>,
  { digest, sizeBytes }: Pick<Descriptor, 'digest' | 'sizeBytes'>,
  file: string,
  retrying: Retrying,
  onBytes: (doneBytes: number) => void,
): Promise<void> {
  const what = `the layer ${digest}`;
  const output = await open(file, 'wx', 0o600);
  try {
    const progress = { done: 0, hash: createHash('sha256') };
    await retrying(() => receive(session, digest, what, output, sizeBytes, progress, onBytes));
    const got = `sha256:${progress.hash.digest('hex')}`;
    if (got !== digest) throw mismatch(what, digest, got);
  } catch (error) {
    if (isDiskFull(error))
      throw new ImageError('disk-full', `there is no room for ${what} of ${sizeBytes} bytes`, { cause: error });
    throw error;
  } finally {
    await output.close();
  }
}

async function receive(
  session: Pick<RegistrySession, 'blob'>,
  digest: string,
  what: string,
  output: FileHandle,
  sizeBytes: number,
  progress: { done: number; hash: Hash },
  onBytes: (doneBytes: number) => void,
): Promise<void> {
  if (progress.done === sizeBytes && sizeBytes > 0) return;
  const answer = await session.blob(digest, progress.done, what);
  if (answer.status !== 206 && progress.done > 0) {
    progress.done = 0;
    progress.hash = createHash('sha256');
    await output.truncate(0);
  }
  for await (const chunk of answer.chunks()) {
    if (progress.done + chunk.length > sizeBytes) {
      throw new ImageError('bad-answer', `${what} is longer than the ${sizeBytes} bytes that its manifest says`);
    }
    await output.write(chunk, 0, chunk.length, progress.done);
    progress.hash.update(chunk);
    progress.done += chunk.length;
    onBytes(progress.done);
  }
  if (progress.done < sizeBytes) {
    throw new ImageError('unreachable', `${what} broke off after ${progress.done} of ${sizeBytes} bytes`);
  }
}
