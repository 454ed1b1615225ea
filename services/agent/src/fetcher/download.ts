import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Downloaded, DownloadLimits, DownloadProgress } from './fetch-worker.port.js';
import type { OpenSource } from './source/open-source.js';

/**
 * Brings a source's bytes into a file, under another name until they are complete.
 *
 * @throws when the source breaks off, is longer than allowed or shorter than it said
 */
export async function download(
  source: OpenSource,
  file: string,
  { maxBytes }: DownloadLimits,
  onProgress: (progress: DownloadProgress) => void,
): Promise<Downloaded> {
  const partial = join(dirname(file), `.${basename(file)}.part`);
  try {
    const { sizeBytes: promised = 0 } = source;
    if (promised > maxBytes) throw new Error(tooLarge(promised, maxBytes));
    await rm(partial, { force: true });
    const downloaded = await write(source, partial, maxBytes, onProgress);
    await rename(partial, file);
    return downloaded;
  } catch (error) {
    source.body.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

async function write(
  { body, sizeBytes: totalBytes }: OpenSource,
  file: string,
  maxBytes: number,
  onProgress: (progress: DownloadProgress) => void,
): Promise<Downloaded> {
  const hash = createHash('sha256');
  let doneBytes = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      doneBytes += chunk.length;
      if (doneBytes > maxBytes) throw new Error(tooLarge(doneBytes, maxBytes));
      hash.update(chunk);
      onProgress({ doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
      yield chunk;
    }
  }
  const output = await open(file, 'wx', 0o644);
  try {
    await output.writeFile(counted());
  } finally {
    await output.close();
  }
  if (totalBytes !== undefined && doneBytes !== totalBytes) {
    throw new Error(`ended after ${doneBytes} of ${totalBytes} bytes`);
  }
  return { sizeBytes: doneBytes, sha256: hash.digest('hex') };
}

/** Whether a file is there and has these bytes. */
export async function isIntact(file: string, expected: Downloaded): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile() !== true || stats.size !== expected.sizeBytes) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex') === expected.sha256;
}

const tooLarge = (bytes: number, maxBytes: number): string => `has ${bytes} bytes or more, ${maxBytes} are allowed`;
