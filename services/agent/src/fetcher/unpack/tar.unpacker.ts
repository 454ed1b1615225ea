import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { BadArchiveError } from '../fetcher.errors.js';
import type { ArchiveWriter } from './archive-writer.js';
import { decompressBySystem } from './system-decompressor.js';

export type TarCompression = 'none' | 'gzip' | 'bzip2' | 'xz';

/** @throws BadArchiveError, or an error with the words of whoever found the archive broken */
export async function unpackTar(file: string, writer: ArchiveWriter, compression: TarCompression): Promise<void> {
  if ((await stat(file)).size === 0) throw new BadArchiveError('is empty, no archive');
  const entries = extract();
  const stop = new AbortController();
  const feeding = feed(file, entries, compression, stop.signal);
  // A fault of the source ends the entries with a worse message: its own is awaited below.
  feeding.catch(() => undefined);
  try {
    for await (const entry of entries) {
      await write(entry.header, entry as unknown as Readable, writer);
      entry.resume();
    }
  } catch (error) {
    stop.abort();
    const cause = await feeding.then(
      () => undefined,
      (fault: unknown) => fault,
    );
    throw isOwn(error) || cause === undefined || (cause as Error).name === 'AbortError' ? error : cause;
  }
  await feeding;
}

const isOwn = (error: unknown): boolean => error instanceof BadArchiveError;

async function feed(
  file: string,
  entries: ReturnType<typeof extract>,
  compression: TarCompression,
  signal: AbortSignal,
): Promise<void> {
  const source = createReadStream(file);
  switch (compression) {
    case 'none':
      return pipeline(source, entries, { signal });
    case 'gzip':
      return pipeline(source, createGunzip(), entries, { signal });
    case 'bzip2':
    case 'xz':
      return pipeline(decompressBySystem(source, compression), entries, { signal });
  }
}

async function write(
  { name, type, mode, mtime, linkname }: Header,
  content: Readable,
  writer: ArchiveWriter,
): Promise<void> {
  const facts = { mode, modifiedAt: mtime };
  switch (type) {
    case 'directory':
      return writer.folder(name, facts);
    case 'symlink':
      return writer.symlink(name, linkname);
    case 'link':
      return writer.hardlink(name, linkname);
    case 'file':
    case 'contiguous-file':
      return writer.file(name, content, facts);
    default:
      throw new BadArchiveError(`holds ${name}, a ${type}`);
  }
}
