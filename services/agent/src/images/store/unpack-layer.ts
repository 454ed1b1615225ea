import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Duplex, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ImageError } from '../image.errors.js';
import { convertWhiteouts } from './convert-whiteouts.js';
import { startTar } from './tar-process.js';

/** tar does not read on: it has come to the end, or its words say why. */
const STOPPED = new Set(['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** What a layer was found to be. */
export interface Unpacked {
  /** Digest of the archive as it is without compression. */
  readonly diffId: string;
  /** Length of that archive: about what its files take on disk. */
  readonly sizeBytes: number;
}

/**
 * Unpacks the archive of a layer into a folder, in the form that overlayfs reads.
 *
 * @param blob compressed by gzip or zstd, or not at all: its first bytes tell
 * @param folder exists and is empty
 * @throws ImageError bad-layer with tar's words, or disk-full; the reason of the signal
 */
export async function unpackLayer(blob: string, folder: string, signal: AbortSignal): Promise<Unpacked> {
  signal.throwIfAborted();
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let isRead = false;
  async function* counted(archive: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of archive) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
    isRead = true;
  }
  const tar = startTar(folder);
  const fault =
    tar.input &&
    (await feed(blob, counted, tar.input, signal).then(
      () => undefined,
      (error: unknown) => error,
    ));
  const hasLeft = STOPPED.has((fault as NodeJS.ErrnoException | undefined)?.code ?? '');
  if (fault !== undefined && !hasLeft) tar.kill();
  const { status, words } = await tar.ended;
  if (status !== 0 && /No space left|quota exceeded/u.test(words))
    throw new ImageError('disk-full', `there is no room to unpack it: ${words}`);
  if (fault !== undefined && (!hasLeft || (status === 0 && !isRead))) throw asBadLayer(fault, signal);
  if (status !== 0) throw new ImageError('bad-layer', words || `tar ended with status ${status}`);
  return { diffId: `sha256:${hash.digest('hex')}`, sizeBytes };
}

async function feed(
  blob: string,
  counted: (archive: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>,
  tar: Writable,
  signal: AbortSignal,
): Promise<void> {
  const decompressor = await decompressorOf(blob);
  const source = createReadStream(blob);
  return decompressor === undefined
    ? pipeline(source, counted, convertWhiteouts, tar, { signal })
    : pipeline(source, decompressor, counted, convertWhiteouts, tar, { signal });
}

function asBadLayer(fault: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return fault instanceof ImageError ? fault : new ImageError('bad-layer', (fault as Error).message, { cause: fault });
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

async function decompressorOf(blob: string): Promise<Duplex | undefined> {
  const file = await open(blob, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(ZSTD.length), 0, ZSTD.length, 0);
    if (buffer.subarray(0, GZIP.length).equals(GZIP)) return createGunzip();
    return buffer.equals(ZSTD) ? createZstdDecompress() : undefined;
  } finally {
    await file.close();
  }
}
